import { asTexts, type JsonObject } from '../json.ts';
import type { Place } from '../place.ts';
import type { Scheme } from './scheme.ts';

/** Schemes of which all must be satisfied, one of several ways to be let in. */
export interface Alternative {
  readonly parts: readonly { readonly scheme: Scheme; readonly scopes: readonly string[] }[];
}

/** One item of a `security`, its schemes looked up. */
export function readAlternative(
  item: JsonObject,
  place: Place,
  schemeOf: (name: string, place: Place) => Scheme,
): Alternative {
  const parts = Object.entries(item).map(([name, scopes]) => ({
    scheme: schemeOf(name, place),
    scopes: asTexts(scopes),
  }));
  return { parts };
}
