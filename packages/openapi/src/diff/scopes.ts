import { asList, asObject, asTexts, own } from '../json.ts';
import { below } from '../place.ts';
import type { Say } from './change.ts';
import type { Contract } from './contract.ts';

/**
 * Compares the OAuth scopes of each alternative that asks for the same schemes before and after. The gateway checks none of
 * them, the backend may: a scope more is one that a caller's token may lack.
 */
export function compareScopes(before: Contract, after: Contract, say: Say): void {
  const [old, now] = [scopesOf(before), scopesOf(after)];
  for (const [schemes, was] of old) {
    const is = now.get(schemes);
    if (is === undefined) continue;
    for (const scope of is) if (!was.has(scope)) say(placeOf(after), `security: scope ${scope} added`, true);
    for (const scope of was)
      if (!is.has(scope)) say(placeOf(after), `security: scope ${scope} removed`, false);
  }
}

function placeOf({ place }: Contract): string {
  return below(place, 'security');
}

/** Scopes, as `SCOPE of SCHEME`, by the names of the schemes that are required together. */
function scopesOf({ document, operation }: Contract): ReadonlyMap<string, ReadonlySet<string>> {
  const stated = own(operation, 'security') ?? own(document.root, 'security');
  return new Map(
    asList(stated).map((item) => {
      const schemes = Object.entries(asObject(item) ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
      const scopes = schemes.flatMap(([scheme, value]) =>
        asTexts(value).map((scope) => `${scope} of ${scheme}`),
      );
      return [schemes.map(([scheme]) => scheme).join(' '), new Set(scopes)];
    }),
  );
}
