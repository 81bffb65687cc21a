import { type Entries, error, warning } from './entry.ts';

/** Codes of reading a document and the files that it refers to. */
export const reading = {
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
  'reference-kind': error(
    'A `$ref` to a thing of another kind, such as a response where a schema belongs.',
    'Refer to a thing of the kind that belongs there.',
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
