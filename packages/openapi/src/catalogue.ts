/** What a diagnostic means for a deployment: an error refuses it, a warning is a real loss, a note the rest. */
export type Severity = 'error' | 'warning' | 'note';

interface Entry {
  readonly severity: Severity;
  /** What the code stands for, in the table of docs/openapi.md. */
  readonly meaning: string;
  /** What to do about it: the hint of every diagnostic of this code, unless it has a better one. */
  readonly cure: string;
}

const error = (meaning: string, cure: string): Entry => ({ severity: 'error', meaning, cure });
const warning = (meaning: string, cure: string): Entry => ({ severity: 'warning', meaning, cure });
const note = (meaning: string, cure: string): Entry => ({ severity: 'note', meaning, cure });

const NOTHING = 'Nothing to do: API Gateway does not enforce schemas, the backend still does.';

/** Every code there is. Codes are stable: a workflow may match on them. */
export const catalogue = {
  // Reading
  unreadable: error('The file cannot be read.', 'Correct the path; make the document before this step.'),
  syntax: error('The file is neither YAML nor JSON.', 'Correct the file at this place.'),
  'too-large': error(
    'The file is larger than can be read.',
    'Split the document, or remove what the gateway need not see.',
  ),
  'too-deep': error('The nesting has no sensible bound.', 'Flatten the document.'),
  'too-many-aliases': error(
    'YAML aliases expand without bound.',
    'Write the repeated parts out, or use $ref.',
  ),
  'forbidden-key': error('A key named __proto__.', 'Rename the key.'),
  'not-openapi': error(
    'The file is not an OpenAPI document.',
    'Give the document itself: an object with `openapi` or `swagger` at its root.',
  ),
  'unsupported-version': error(
    'A version API Gateway does not take.',
    'Emit OpenAPI 3.1, 3.0 or Swagger 2.0 instead.',
  ),
  'remote-reference': error(
    'A `$ref` to a URL.',
    'Download the file beside the document and refer to it by its path.',
  ),
  'reference-outside': error(
    'A `$ref` to a file outside the workspace.',
    'Copy the file into the workspace.',
  ),
  'reference-not-found': error(
    'A `$ref` to something that is not there.',
    'Correct the reference, or add what it names.',
  ),
  'circular-reference': error(
    'A `$ref` that leads back to itself.',
    'Let one of the references name a real definition.',
  ),
  'invalid-value': warning(
    'A value of the wrong kind for its place; it is left out.',
    'Correct the value as the OpenAPI specification says.',
  ),
  // Routes
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
    'A path that ends with a slash, which API Gateway rejects: the gateway matches both forms and passes on the one it got, so a call without the slash gets the redirect of the backend.',
    'Call it with the slash, or declare it without one in the application: the path of the decorator, or APIRouter prefix.',
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
  'operation-id-renamed': note(
    'An operationId that Google takes for the same as another gets a suffix.',
    'Make operationIds differ in letters, digits or underscores.',
  ),
  // Backends and servers
  'backend-missing': warning(
    'No backend is named, so every request would be answered 404.',
    'Give the backend its address.',
  ),
  'backend-undefined': error(
    'An `x-google-backend` that names no backend of `x-google-api-management`.',
    'Define the backend, or correct the name.',
  ),
  'backend-invalid': error(
    'A backend that API Gateway refuses.',
    'Correct the backend: an https address, one of jwt_audience and disable_auth, a known path translation and protocol.',
  ),
  'backend-lifted': note(
    'A backend on a path, where API Gateway does not look; each of its operations gets it.',
    'Nothing to do.',
  ),
  'server-as-backend': warning(
    'An operation whose own `servers` name another host, to which the gateway sends its requests.',
    'Give the operation an x-google-backend, or remove its servers.',
  ),
  'backend-replaced': note("The document's own backend gives way to the one asked for.", 'Nothing to do.'),
  'servers-dropped': note(
    'Servers that the gateway does not use.',
    'Give operations another backend with x-google-backend.',
  ),
  'host-port-dropped': warning('API Gateway rejects a port in `host`.', 'Remove the port.'),
  'google-extension-dropped': warning(
    'A Google extension that the dialect does not have.',
    'Emit the other dialect, or express it another way.',
  ),
  // The form of what protects
  'duplicate-key': error(
    'A key that stands twice in one object: readers take the last and drop the others without a word.',
    'Keep one of the two.',
  ),
  'security-form': error(
    'A `security` or `x-security` that is not of its form; what it protects stays closed.',
    'Write a list of objects, each mapping schemes to lists of scopes, such as `security: [{key: []}]`.',
  ),
  'scheme-form': error(
    'A security scheme that is not of its form by the schema of its OpenAPI version, whether or not it is used.',
    'Write the scheme as the OpenAPI specification says.',
  ),
  'security-misplaced': error(
    'A key that decides protection in a place where nobody reads it.',
    'Move the key to where it is read.',
  ),
  'security-misspelt': error(
    'A key that nobody reads and that looks like one that decides protection.',
    'Correct the spelling, or remove the key.',
  ),
  'beside-reference': error(
    'Something that decides protection, beside a `$ref`, where nobody reads it.',
    'Move it to where the reference leads, or remove the reference.',
  ),
  'google-form': error(
    'A Google extension that decides protection and is not of its form.',
    'Write the extension as Google documents it.',
  ),
  // Security
  'jwt-not-mapped': error(
    'A bearer, OpenID Connect or OAuth2 scheme without an issuer: the operations would be open.',
    'Map it: jwt SCHEME=ISSUER[,JWKS_URI[,AUDIENCES]], or pass it through to the backend explicitly.',
  ),
  'api-key-place': error(
    'An API key in a place where API Gateway does not look.',
    'Use the query parameter `key` or the header x-api-key, or pass the scheme through to the backend explicitly.',
  ),
  'scheme-unsupported': error(
    'A security scheme API Gateway does not know.',
    'Use an API key or a JWT, or pass the scheme through to the backend explicitly.',
  ),
  'scheme-undefined': error(
    'A security requirement whose scheme is not defined.',
    'Define the scheme, or correct its name.',
  ),
  'api-key-or-other': error(
    'An API key as an alternative to something else: API Gateway would ask for no key.',
    'Require the key in every alternative, or in none.',
  ),
  'jwt-and-jwt': error(
    'Two JWTs required at once.',
    'Keep one of the two schemes, or make them alternatives.',
  ),
  'jwt-optional': warning(
    'An optional JWT becomes required: API Gateway cannot make it optional.',
    'Split the operation in two, or pass the scheme through to the backend.',
  ),
  'open-by-document': note(
    'An operation that the document leaves open with `security: []` or an optional key.',
    'Remove the empty security if the operation should be protected.',
  ),
  'open-operations': note(
    'Operations that anyone may call.',
    'Ask for an API key or a JWT if that is not what you want.',
  ),
  'passed-through': warning(
    'A scheme that only the backend checks.',
    'Map it to an issuer if the gateway should check it.',
  ),
  'authorization-overwritten': warning(
    'The gateway puts its own token in Authorization and moves the caller’s to X-Forwarded-Authorization.',
    'Read X-Forwarded-Authorization in the backend, or set disable_auth on the backend.',
  ),
  'scopes-ignored': warning('API Gateway does not check OAuth scopes.', 'Check the scopes in the backend.'),
  'api-key-moved': note(
    'The API key scheme is written as the dialect wants it; the gateway takes `key`, `api_key` and x-api-key alike.',
    'Nothing to do.',
  ),
  'jwt-mapping-conflict': error(
    'A scheme that the options say two things about.',
    'Keep one mapping for the scheme, or pass it through, not both.',
  ),
  'jwt-mapping-unused': warning(
    'A JWT mapping for a scheme the document does not have.',
    'Correct the name of the scheme.',
  ),
  'passthrough-unused': warning(
    'A pass-through for a scheme the document does not have.',
    'Correct the name of the scheme.',
  ),
  // Conversion
  'keyword-dropped': note('Schema keywords the dialect does not have.', NOTHING),
  'union-simplified': note('A union becomes what its members share.', NOTHING),
  'reference-siblings-dropped': note(
    'Keywords beside a `$ref`, which OpenAPI 3.0 and 2.0 ignore.',
    'Wrap the reference in allOf to keep them.',
  ),
  'definition-unused': note(
    'Schemas that nothing emitted refers to are left out.',
    'Nothing to do: a gateway reads operations only.',
  ),
  'definition-renamed': note(
    'A schema whose name is not [A-Za-z0-9._-]+.',
    'Nothing to do: references follow.',
  ),
  'cycle-wrapped': note(
    'A cycle through an array, a map or an alias, which Google rejects, is wrapped in allOf.',
    NOTHING,
  ),
  'body-wrapped': note(
    'A body that is an array, a map or a bare value, which Google may reject, is wrapped in allOf.',
    NOTHING,
  ),
  'body-on-get-dropped': warning('A body of a GET or HEAD request.', 'Use POST, or query parameters.'),
  'media-types-dropped': note(
    'Media types of a body beside the one that describes it.',
    'Nothing to do: the gateway passes on any media type.',
  ),
  'form-field-simplified': note('A form field whose type a form cannot have becomes a string.', NOTHING),
  'parameter-simplified': note(
    'A parameter whose type or style the dialect cannot say.',
    'Nothing to do: the gateway passes parameters on unread.',
  ),
  'parameter-dropped': note(
    'A parameter the dialect cannot say.',
    'Nothing to do: the gateway passes it on all the same.',
  ),
  'response-simplified': note(
    'Parts of a response that the dialect does not have.',
    'Nothing to do: the gateway passes responses on unread.',
  ),
  'field-dropped': note('A field the dialect does not have.', 'Nothing to do.'),
  'document-too-large': error(
    'The emitted document is over the 10 MB of API Gateway.',
    'Leave operations out with `expose`.',
  ),
} as const satisfies Record<string, Entry>;

/** The code of a diagnostic. */
export type Code = keyof typeof catalogue;
