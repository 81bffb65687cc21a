import { type Entries, error, note, warning } from './entry.ts';

/** Codes of paths, operations and what is exposed. */
export const routes = {
  'no-paths': warning(
    'The document has no path that a gateway could serve.',
    'Add an operation, or check `expose`.',
  ),
  'path-invalid': error(
    'A path that API Gateway cannot route.',
    'Rewrite the path: it must start with a slash, have no empty segment, and use * and = only in patterns.',
  ),
  'partial-segment': error(
    'A path variable that fills only a part of its segment.',
    'Make the variable a whole segment: /items/{id}/json, not /items/{id}.json.',
  ),
  'path-limit': error('A path over 512 characters, or with more than 60 variables.', 'Shorten the path.'),
  'path-collision': error(
    'Two operations that match the same request.',
    'Keep one of the two, or tell them apart by a literal segment.',
  ),
  'trailing-slash': warning(
    'A path that ends with a slash, which API Gateway rejects. The gateway matches both forms and passes on the one it got. A call without the slash therefore gets the backend’s redirect to its own address, which may be private.',
    'Declare the path without the slash in the application: in the path of the decorator or the prefix of the APIRouter. Or let callers write the slash. With FastAPI(redirect_slashes=False), those who don’t get a 404 instead of the redirect.',
  ),
  'trailing-slash-merged': note(
    'Two paths that differ in a trailing slash become one: the gateway matches both.',
    'Nothing to do.',
  ),
  'path-unreachable': warning(
    'A path with a query, a fragment or a space, which no request can match; it is left out.',
    'Describe the path without it; a query belongs to the parameters.',
  ),
  'path-variable-renamed': note(
    'A path variable whose name Google rejects, or that occurs twice in the path.',
    'Nothing to do, unless a backend with CONSTANT_ADDRESS reads the variable by its name from the query.',
  ),
  'path-variable-added': note(
    'A path variable that no parameter declares; a string is added.',
    'Declare the parameter with `in: path`.',
  ),
  'path-parameter-unused': note(
    'A path parameter that the path does not name; it is left out.',
    'Remove the parameter, or name it in the path.',
  ),
  'wildcard-read': note(
    'A catch-all in the notation of a framework, which is read as a wildcard.',
    'Nothing to do: the gateway routes it as the framework does.',
  ),
  'path-narrowed': warning(
    'A path that the gateway matches more narrowly, or more widely, than its notation says.',
    'Add a separate path for the other form. If the last segment stands for the rest of the path, name the path in `wildcards`.',
  ),
  'path-notation': warning(
    'A segment such as `:id` or `<id>`, which is a variable in some frameworks but literal text in OpenAPI.',
    'Write the variable in braces: /users/{id}.',
  ),
  'path-pattern-expanded': note(
    'A variable that stands for several segments, such as `{name=shelves/*}`, is split into its segments.',
    'Nothing to do, unless a backend with CONSTANT_ADDRESS reads the variable from the query.',
  ),
  'wildcard-invalid': error(
    'A wildcard whose path does not end in a variable.',
    'Only the last segment can be a wildcard.',
  ),
  'wildcard-unmatched': warning(
    'A wildcard whose path is not in the document.',
    'Write the path exactly as in the document.',
  ),
  'method-dropped': warning(
    'A method API Gateway does not route.',
    'Use GET, POST, PUT, PATCH, DELETE, HEAD or OPTIONS.',
  ),
  'exclusion-unmatched': error(
    'An exclusion in `expose` that matches no operation.',
    'Write the path or the tag exactly as in the document, or remove the pattern.',
  ),
  'inclusion-unmatched': warning(
    'A pattern in `expose` that matches no operation.',
    'Write the path or the tag exactly as in the document, or remove the pattern.',
  ),
  'not-exposed': note('An operation left out by `expose`.', 'Nothing to do.'),
  'operation-id-added': note(
    'An operation without operationId gets one from its method and path.',
    'Give the operation an operationId, so that it stays the same if the path changes.',
  ),
  'responses-added': note(
    'An operation without responses, which OpenAPI 2.0 and 3.0 require; a default one is added.',
    'Describe what the operation answers.',
  ),
  'operation-id-renamed': note(
    'An operationId that Google considers equal to another one gets a suffix.',
    'Make operationIds differ in letters, digits or underscores.',
  ),
} as const satisfies Entries;
