import { listed, type Report } from '../diagnostic.ts';
import { holdsReference, isGoogles, type JsonObject } from '../json.ts';
import type { Place } from '../place.ts';

/**
 * Says which fields of an object are not carried over: those not known to be. Extensions are, but those that hold
 * references and Google's, unless they are all lost.
 */
export function reportLost(
  object: JsonObject,
  known: ReadonlySet<string>,
  what: string,
  place: Place,
  report: Report,
  extensions: 'carried' | 'lost' = 'carried',
): void {
  let lost: string[] | undefined;
  for (const key of Object.keys(object)) {
    if (known.has(key) || (extensions === 'carried' && isCarried(key, object))) continue;
    lost ??= [];
    lost.push(key);
  }
  if (lost === undefined) return;
  // Of others of Google's, it was said where they stand that nobody reads them.
  say(
    'google-extension-dropped',
    lost.filter((key) => DIALECT.has(key)),
  );
  say(
    'field-dropped',
    lost.filter((key) => !isGoogles(key)),
  );

  function say(code: 'google-extension-dropped' | 'field-dropped', keys: readonly string[]): void {
    if (keys.length === 0) return;
    report(code, place, `Of ${what}, ${listed(keys)} ${keys.length === 1 ? 'is' : 'are'} left out.`);
  }
}

/** Extensions of operations that OpenAPI 2.0 does not have: https://cloud.google.com/api-gateway/docs/oasv3-extensions */
const DIALECT = new Set(['x-google-mcp-tool', 'x-google-model-router']);

/** A set of words. */
export function words(text: string): ReadonlySet<string> {
  return new Set(text.split(' '));
}

function isCarried(key: string, object: JsonObject): boolean {
  return key.startsWith('x-') && !isGoogles(key) && !holdsReference(object[key] ?? null);
}
