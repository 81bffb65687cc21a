import { type Entries, error, warning } from './entry.ts';

/** Codes of Google's extensions. */
export const google = {
  'google-form': error(
    'A malformed Google extension: a wrong type or value, or an unknown or extra field.',
    'Write the extension as Google documents it.',
  ),
  'google-undefined': error(
    'A quota that counts a metric which the document does not define.',
    'Define the metric in `x-google-management` (2.0) or `x-google-api-management` (3.x), or correct its name.',
  ),
  'google-misplaced': error(
    'A Google extension in a place where it has no effect.',
    'Move the extension to a place where it has an effect.',
  ),
  'google-misspelled': error(
    'An unknown key that looks like a misspelled Google extension.',
    'Correct the spelling, or remove the key.',
  ),
  'google-unknown': warning(
    'A key that begins with `x-google-` and that API Gateway does not know.',
    'Correct the spelling, or remove the key.',
  ),
  'google-renamed': warning(
    'A Google extension under an old name, which is read as the current one.',
    'Rename it.',
  ),
  'google-extension-dropped': error(
    'A Google extension that the dialect cannot express.',
    'Emit the other dialect, express it another way, or remove it.',
  ),
} as const satisfies Entries;
