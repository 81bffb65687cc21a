import type { Report } from '../diagnostic.ts';
import type { Place } from '../place.ts';
import type { Alternative } from './alternative.ts';

/** What a caller of an operation must show. */
export type Access = 'open' | 'api-key' | 'jwt' | 'api-key+jwt';

/** How an operation is protected at the gateway. */
export interface Protection {
  readonly access: Access;
  /** The alternatives, each a set of scheme names with their scopes; undefined when nothing is said. */
  readonly security: readonly Requirement[] | undefined;
}

/** Schemes that must all be satisfied. */
export type Requirement = Readonly<Record<string, readonly string[]>>;

/** The part of an alternative that the gateway checks. Schemes with the same provider are met by the same token. */
export function kept(alternative: Alternative): Alternative['parts'] {
  const providers = new Set<string>();
  return alternative.parts.filter(({ scheme }) => {
    if (scheme.kind === 'passed') return false;
    if (scheme.kind !== 'jwt') return true;
    const provider = JSON.stringify(scheme.provider);
    const known = providers.has(provider);
    providers.add(provider);
    return !known;
  });
}

/** What of the alternatives the gateway can enforce, never less than the document asks for without an error. */
export function settle(
  alternatives: readonly Alternative[],
  label: string,
  place: Place,
  report: Report,
): Protection {
  const required = alternatives.map(kept).filter((parts) => parts.length > 0);
  const optional = alternatives.some((alternative) => alternative.parts.length === 0);
  const keyed = required.filter((parts) => parts.some(({ scheme }) => scheme.kind === 'api-key'));
  const tokens = required.map((parts) => parts.filter(({ scheme }) => scheme.kind !== 'api-key'));
  const access = accessOf(
    keyed.length > 0,
    tokens.some((parts) => parts.length > 0),
  );
  if (required.length === 0 || (optional && access === 'api-key')) {
    report('open-by-document', place, `${label} is open: its security is optional.`);
    return { access: 'open', security: required.length === 0 ? [] : [...required.map(requirement), {}] };
  }
  if (optional) report('jwt-optional', place, `The token of ${label} becomes required.`);
  const crowded = tokens.find((parts) => parts.length > 1);
  // A scheme that was refused is an error of its own.
  if (crowded?.every(({ scheme }) => scheme.kind === 'jwt') === true) {
    const names = crowded.map(({ scheme }) => scheme.name);
    report(
      'jwt-and-jwt',
      place,
      `${label} requires ${names.join(' and ')} at once, which API Gateway refuses.`,
      `If one token meets both, map both to the same issuer and audiences. If not, let the backend check one of them: passthrough: ${names[1]}.`,
    );
  }
  const mixed = keyed.length > 0 && keyed.length < required.length;
  if (mixed) {
    const names = [...new Set(required.flat().map(({ scheme }) => scheme.name))].join(', ');
    report(
      'api-key-or-other',
      place,
      `${label} takes an API key or something else: API Gateway would ask for no key.`,
      `If the backend requires them together, as with several dependencies of FastAPI, set all_of: ${names}. If either will do, only the backend can check that: set passthrough: ${names}, and api_key: false, or else every caller needs a key of Google's.`,
    );
  }
  if (crowded === undefined && !mixed) return { access, security: unique(required.map(requirement)) };
  // An error was reported. What is emitted all the same asks for more than the document, never for less.
  const one = [
    ...keyed
      .flat()
      .filter(({ scheme }) => scheme.kind === 'api-key')
      .slice(0, 1),
    ...tokens.flat().slice(0, 1),
  ];
  return { access, security: [requirement(one)] };
}

function requirement(parts: Alternative['parts']): Requirement {
  return Object.fromEntries(
    parts.map(({ scheme, scopes }) => [scheme.name, scheme.kind === 'jwt' ? scopes : []]),
  );
}

function unique(requirements: readonly Requirement[]): readonly Requirement[] {
  return [...new Map(requirements.map((item) => [JSON.stringify(item), item])).values()];
}

function accessOf(key: boolean, token: boolean): Access {
  if (key) return token ? 'api-key+jwt' : 'api-key';
  return token ? 'jwt' : 'open';
}
