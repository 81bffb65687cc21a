import { type Entries, error, warning } from './entry.ts';

/** Codes of Google's extensions. */
export const google = {
  'google-form': error(
    'A Google extension that is not of its form: a wrong type, value or field, or one too many.',
    'Write the extension as Google documents it.',
  ),
  'google-undefined': error(
    'A quota that counts a metric which the document does not define.',
    'Define the metric in `x-google-management` (2.0) or `x-google-api-management` (3.x), or correct its name.',
  ),
  'google-misplaced': error(
    'A Google extension in a place where nobody reads it.',
    'Move the extension to where it is read.',
  ),
  'google-misspelled': error(
    'A key that nobody reads and that looks like a Google extension.',
    'Correct the spelling, or remove the key.',
  ),
  'google-unknown': warning(
    'A key that begins with `x-google-` and that API Gateway does not have.',
    'Correct the spelling, or remove the key.',
  ),
  'google-renamed': warning(
    'A Google extension under a name of old, which is read as the current one.',
    'Rename it.',
  ),
  'google-extension-dropped': error(
    'A Google extension that the dialect cannot say.',
    'Emit the other dialect, express it another way, or remove it.',
  ),
} as const satisfies Entries;
