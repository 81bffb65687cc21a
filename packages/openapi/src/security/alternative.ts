import { asTexts, type JsonObject } from '../json.ts';
import type { Place } from '../place.ts';
import type { Scheme } from './scheme.ts';

/** Schemes of which all must be satisfied, one of several ways to be let in. */
export interface Alternative {
  readonly parts: readonly { readonly scheme: Scheme; readonly scopes: readonly string[] }[];
}

/**
 * Alternatives of the schemes named, made one that requires all of them: FastAPI writes two required dependencies as
 * alternatives. Never weaker than what was written.
 */
export function together(
  alternatives: readonly Alternative[],
  names: readonly string[],
): readonly Alternative[] {
  const fits = ({ parts }: Alternative) =>
    parts.length > 0 && parts.every(({ scheme }) => names.includes(scheme.name));
  const parts = alternatives.filter(fits).flatMap((alternative) => alternative.parts);
  const merged = [...new Map(parts.map((part) => [part.scheme.name, part])).values()];
  const others = alternatives.filter((alternative) => !fits(alternative));
  return merged.length > 1 ? [{ parts: merged }, ...others] : alternatives;
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
