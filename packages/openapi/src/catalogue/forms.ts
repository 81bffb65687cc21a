import { type Entries, error } from './entry.ts';

/** Codes of the form of what protects. */
export const forms = {
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
  'security-misspelled': error(
    'A key that nobody reads and that looks like one that decides protection.',
    'Correct the spelling, or remove the key.',
  ),
  'beside-reference': error(
    'Something that decides protection, beside a `$ref`, where nobody reads it.',
    'Move it to where the reference leads, or remove the reference.',
  ),
} as const satisfies Entries;
