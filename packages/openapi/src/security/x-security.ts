import { asList, asObject, asTexts, type JsonObject, own } from '../json.ts';
import type { Place } from '../place.ts';
import type { Alternative } from './alternative.ts';
import type { Scheme } from './scheme.ts';

/** A scheme whose tokens are accepted, and for whom they must be made out. */
export interface Audiences {
  readonly scheme: string;
  readonly audiences: readonly string[];
}

/**
 * What `x-security` asks for, any one of which is enough: Google's way to give an operation of OpenAPI 2.0 audiences of
 * its own (https://github.com/googleapis/api-compiler, AuthRuleGenerator.java). Its form has been checked.
 */
export function audiencesOf(object: JsonObject): readonly Audiences[] | undefined {
  const value = own(object, 'x-security');
  if (value === undefined) return undefined;
  return asList(value).flatMap((item) =>
    Object.entries(asObject(item) ?? {}).map(([scheme, fields]) => ({
      scheme,
      audiences: asTexts(own(asObject(fields), 'audiences')),
    })),
  );
}

/**
 * `security` and `x-security` together, as Google's importer puts them: any of the tokens will do, those of `x-security`
 * for its audiences; and if `security` asks for a key, the key as well. Of the root's `security`, an operation with an
 * `x-security` of its own keeps the key only (`besideIt` is false then).
 */
export function withAudiences(
  security: readonly Alternative[],
  besideIt: boolean,
  asked: readonly Audiences[],
  place: Place,
  schemeFor: (name: string, audiences: readonly string[], place: Place) => Scheme,
): readonly Alternative[] {
  const isKey = ({ scheme }: Alternative['parts'][number]): boolean => scheme.kind === 'api-key';
  const keyed = security.filter(({ parts }) => parts.some(isKey));
  const keys = keyed.length === security.length ? (keyed[0]?.parts.filter(isKey) ?? []) : [];
  const renamed = new Set(asked.map(({ scheme }) => scheme));
  const kept = security.filter(({ parts }) => {
    const tokens = parts.filter((part) => !isKey(part));
    // What cannot be checked has to be said, wherever it is asked for.
    if (parts.some(({ scheme }) => scheme.kind === 'refused')) return true;
    // A key that not every alternative has is refused further on.
    if (tokens.length === 0) return keyed.length > 0 && keys.length === 0 && parts.length > 0;
    return besideIt && tokens.every(({ scheme }) => !renamed.has(scheme.name));
  });
  const tokens = asked.map(({ scheme, audiences }) => ({
    parts: [...keys, { scheme: schemeFor(scheme, audiences, place), scopes: [] }],
  }));
  return [...kept, ...tokens];
}
