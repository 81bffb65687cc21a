import { type Entries, error, note, warning } from './entry.ts';

/** Codes of paths, operations and what is exposed. */
export const routes = {
  'no-paths': warning(
    'The document has no path that a gateway could serve.',
    'Add an operation, or check `expose`.',
  ),
  'path-invalid': error(
    'A path that API Gateway cannot route.',
    'Rewrite the path: it starts with a slash, no segment is empty, and * and = stand for patterns only.',
  ),
  'partial-segment': error(
    'A path variable that fills only a part of its segment.',
    'Make the variable a whole segment: /items/{id}/json, not /items/{id}.json.',
  ),
  'path-limit': error('A path over 512 characters, or with more than 60 variables.', 'Shorten the path.'),
  'path-collision': error(
    'Two operations that one request would match.',
    'Keep one of the two, or tell them apart by a literal segment.',
  ),
  'trailing-slash': warning(
    'A path that ends with a slash, which API Gateway rejects: the gateway matches both forms and passes on the one it got, so a call without the slash gets the redirect of the backend, to the backend’s own address, which may be private.',
    'Declare it without a slash in the application: the path of the decorator, the prefix of the APIRouter. Or let callers write the slash; with FastAPI(redirect_slashes=False) those who don’t get 404 rather than the redirect.',
  ),
  'trailing-slash-merged': note(
    'Two paths that differ in a trailing slash become one: the gateway matches both.',
    'Nothing to do.',
  ),
  'path-unreachable': warning(
    'A path with a query, a fragment or a space in it, which no request has there; it is left out.',
    'Describe the path without it; a query belongs to the parameters.',
  ),
  'path-variable-renamed': note(
    'A path variable whose name Google rejects, or that stands in the path twice.',
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
    'Give the other form a path of its own; name the path in `wildcards` if its last segment stands for all the rest.',
  ),
  'path-notation': warning(
    'A segment such as `:id` or `<id>`, which is a variable to a framework and a literal text to OpenAPI.',
    'Write the variable in braces: /users/{id}.',
  ),
  'path-pattern-expanded': note(
    'A variable that stands for several segments, such as `{name=shelves/*}`, is written as them.',
    'Nothing to do, unless a backend with CONSTANT_ADDRESS reads the variable from the query.',
  ),
  'wildcard-invalid': error(
    'A wildcard whose path does not end in a variable.',
    'Only the last segment can be a wildcard.',
  ),
  'wildcard-unmatched': warning(
    'A wildcard that names no path of the document.',
    'Give the path as the document writes it.',
  ),
  'method-dropped': warning(
    'A method API Gateway does not route.',
    'Use GET, POST, PUT, PATCH, DELETE, HEAD or OPTIONS.',
  ),
  'exclusion-unmatched': error(
    'A pattern of `expose` that is meant to leave operations out, and leaves none out.',
    'Write the path or the tag as the document does, or remove the pattern.',
  ),
  'inclusion-unmatched': warning(
    'A pattern of `expose` that no operation fits.',
    'Write the path or the tag as the document does, or remove the pattern.',
  ),
  'not-exposed': note('An operation left out by `expose`.', 'Nothing to do.'),
  'operation-id-added': note(
    'An operation without operationId gets one from its method and path.',
    'Give the operation a name of its own, so that it survives a change of path.',
  ),
  'responses-added': note(
    'An operation without responses, which OpenAPI 2.0 and 3.0 require; a default one is added.',
    'Describe what the operation answers.',
  ),
  'operation-id-renamed': note(
    'An operationId that Google takes for the same as another gets a suffix.',
    'Make operationIds differ in letters, digits or underscores.',
  ),
} as const satisfies Entries;
