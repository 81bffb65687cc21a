import { type Entries, error, warning } from './entry.ts';

/** Codes of reading a document and the files that it refers to. */
export const reading = {
  unreadable: error(
    'The file cannot be read.',
    'Correct the path, or create the document in an earlier step.',
  ),
  syntax: error('The file is neither YAML nor JSON.', 'Correct the file at this place.'),
  'too-large': error(
    'The file is too large to be read.',
    'Split the document, or remove what the gateway does not need.',
  ),
  'too-deep': error('The nesting is too deep.', 'Flatten the document.'),
  'too-many-aliases': error(
    'YAML aliases expand to too many values.',
    'Write the repeated parts out, or use $ref.',
  ),
  'forbidden-key': error('A key named __proto__.', 'Rename the key.'),
  'not-openapi': error(
    'The file is not an OpenAPI document.',
    'Use an OpenAPI document: an object with `openapi` or `swagger` at its root.',
  ),
  'unsupported-version': error(
    'An OpenAPI version that API Gateway does not support.',
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
    'A `$ref` to something that does not exist.',
    'Correct the reference, or add what it names.',
  ),
  'reference-kind': error(
    'A `$ref` to the wrong kind of object, such as a response instead of a schema.',
    'Refer to an object of the right kind.',
  ),
  'circular-reference': error(
    'A `$ref` that leads back to itself.',
    'Let one of the references name a real definition.',
  ),
  'invalid-value': warning(
    'A value of the wrong kind for its place; it is left out.',
    'Correct the value as the OpenAPI specification says.',
  ),
} as const satisfies Entries;
