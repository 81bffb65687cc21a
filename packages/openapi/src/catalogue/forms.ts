import { type Entries, error } from './entry.ts';

/** Codes of the form of what protects. */
export const forms = {
  'duplicate-key': error(
    'A duplicate key in an object: parsers silently keep only the last one.',
    'Keep one of the two.',
  ),
  'security-form': error(
    'A malformed `security` or `x-security`. What it protects stays closed.',
    'Write a list of objects, each mapping schemes to lists of scopes, such as `security: [{key: []}]`.',
  ),
  'scheme-form': error(
    'A security scheme that is invalid by the schema of its OpenAPI version, even if it is unused.',
    'Write the scheme as the OpenAPI specification says.',
  ),
  'security-misplaced': error(
    'A security setting in a place where it has no effect.',
    'Move the key to a place where it has an effect.',
  ),
  'security-misspelled': error(
    'An unknown key that looks like a misspelled security setting.',
    'Correct the spelling, or remove the key.',
  ),
  'beside-reference': error(
    'A security setting beside a `$ref`, where it has no effect.',
    'Move it to where the reference leads, or remove the reference.',
  ),
} as const satisfies Entries;
