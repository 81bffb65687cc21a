/**
 * Where something stands while it is being worked on: `FILE#POINTER`, FILE empty for the document itself,
 * POINTER as in RFC 6901. The same text serves as a resolved `$ref`.
 */
export type Place = string;

/** The document's root. */
export const ROOT: Place = '#';

/** The place of a member or an item below another. */
export function below(place: Place, key: string | number): Place {
  return `${place}/${typeof key === 'number' ? key : escapeKey(key)}`;
}

/** One reference token of a JSON pointer (RFC 6901 section 3). */
export function escapeKey(key: string): string {
  return key.includes('~') || key.includes('/') ? key.replaceAll('~', '~0').replaceAll('/', '~1') : key;
}

/** A place taken apart: the file ('' for the document), and the keys from its root. */
export function splitPlace(place: Place): { readonly file: string; readonly keys: readonly string[] } {
  const hash = place.indexOf('#');
  const file = hash < 0 ? place : place.slice(0, hash);
  const pointer = hash < 0 ? '' : place.slice(hash + 1);
  if (!pointer.startsWith('/')) return { file, keys: [] };
  return { file, keys: pointer.slice(1).split('/').map(unescapeKey) };
}

function unescapeKey(token: string): string {
  return token.includes('~') ? token.replaceAll('~1', '/').replaceAll('~0', '~') : token;
}
