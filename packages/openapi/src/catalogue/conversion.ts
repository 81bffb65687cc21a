import { type Entries, error, note, warning } from './entry.ts';

const NOTHING = 'Nothing to do: API Gateway does not enforce schemas, the backend still does.';

/** Codes of what a dialect cannot say. */
export const conversion = {
  'version-content': warning(
    'A document that declares OpenAPI 3.0 but uses features of 3.1; it is emitted as 3.1.',
    'Write `openapi: 3.1.0`, or ask the generator for 3.0.',
  ),
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
    'Media types of a body other than the one that describes it.',
    'Nothing to do: the gateway passes on any media type.',
  ),
  'form-field-simplified': note('A form field whose type a form cannot have becomes a string.', NOTHING),
  'parameter-simplified': note(
    'A parameter whose type or style the dialect cannot express.',
    'Nothing to do: the gateway passes parameters on unread.',
  ),
  'parameter-dropped': note(
    'A parameter that the dialect cannot express.',
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
} as const satisfies Entries;
