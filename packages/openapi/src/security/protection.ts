import { listed, type Report } from '../diagnostic.ts';
import { asObject, asTexts, type Json, type JsonObject, own } from '../json.ts';
import type { ApiDocument } from '../model/document.ts';
import type { EmitOptions } from '../options.ts';
import { below, type Place, ROOT } from '../place.ts';
import { readSchemes, type Scheme, undefinedScheme } from './scheme.ts';

/** What a caller of an operation must show. */
export type Access = 'open' | 'api-key' | 'jwt' | 'api-key+jwt';

/** How an operation is protected at the gateway. */
export interface Protection {
  readonly access: Access;
  /** The alternatives, each a set of scheme names with their scopes; undefined when nothing is said. */
  readonly security: readonly Requirement[] | undefined;
}

/** Schemes that must all be satisfied. */
type Requirement = Readonly<Record<string, readonly string[]>>;

/** Decides, operation by operation, and at the end says what concerns many operations at once. */
export interface Guard {
  readonly protect: (operation: JsonObject, place: Place, label: string) => Protection;
  readonly conclude: (authenticatesToBackend: boolean) => void;
  /** The schemes that some operation requires, in the document's order, ours last. */
  readonly used: () => readonly Scheme[];
}

/**
 * Security as API Gateway can enforce it, never weaker than the document says without an error or an explicit wish:
 * https://cloud.google.com/api-gateway/docs/openapi-limitations.
 */
export function guard(document: ApiDocument, options: EmitOptions, report: Report): Guard {
  const schemes = readSchemes(document, options, report);
  const used = new Set<Scheme>();
  const affected = new Map<Scheme, string[]>();
  const scoped = new Set<Scheme>();
  const open: string[] = [];
  const rootSecurity = own(document.root, 'security');
  const inherited = Array.isArray(rootSecurity) && rootSecurity.length === 0 ? undefined : rootSecurity;

  const schemeOf = (name: string, place: Place): Scheme => {
    const known = schemes.get(name);
    if (known !== undefined) return known;
    const missing = undefinedScheme(name, place);
    schemes.set(name, missing);
    return missing;
  };

  const ourKey = (): Scheme => {
    const known = [...schemes.values()].find((scheme) => scheme.kind === 'api-key');
    if (known !== undefined) return known;
    let name = 'api_key';
    for (let nth = 2; schemes.has(name); nth += 1) name = `api_key_${nth}`;
    const scheme: Scheme = { name, place: ROOT, source: {}, kind: 'api-key' };
    schemes.set(name, scheme);
    return scheme;
  };

  /** What applies where the document (or what is left of it) asks for nothing. */
  const unsecured = (label: string, security: readonly Requirement[] | undefined): Protection => {
    if (options.apiKey === true) {
      const key = ourKey();
      used.add(key);
      return { access: 'api-key', security: [{ [key.name]: [] }] };
    }
    open.push(label);
    return { access: 'open', security };
  };

  const protect = (operation: JsonObject, place: Place, label: string): Protection => {
    const stated = own(operation, 'security');
    const value = stated ?? inherited;
    const at = stated === undefined ? below(ROOT, 'security') : below(place, 'security');
    if (value === undefined) return unsecured(label, undefined);
    if (!Array.isArray(value)) {
      report('invalid-value', at, `The security of ${label} is not a list; it is taken as absent.`);
      return unsecured(label, undefined);
    }
    if (value.length === 0) {
      report('open-by-document', at, `${label} is open: its security is empty.`);
      return { access: 'open', security: [] };
    }
    const alternatives = value.map((item) => readAlternative(item, at, schemeOf));
    for (const { scheme, scopes } of alternatives.flatMap((alternative) => alternative.parts)) {
      if (scheme.kind === 'passed' || scheme.kind === 'refused') note(affected, scheme, label);
      if (scheme.kind === 'jwt' && scopes.length > 0) scoped.add(scheme);
    }
    if (alternatives.some((alternative) => alternative.parts.length > 0 && kept(alternative).length === 0)) {
      return unsecured(label, []);
    }
    const protection = settle(alternatives, label, at, report);
    for (const name of (protection.security ?? []).flatMap(Object.keys)) used.add(schemeOf(name, at));
    return protection;
  };

  const conclude = (authenticatesToBackend: boolean): void => {
    for (const [scheme, labels] of affected) {
      if (scheme.kind === 'refused') {
        const { code, why, hint } = scheme.refusal;
        report(
          code,
          scheme.place,
          `The security scheme ${scheme.name} ${why}, so these operations cannot be protected: ${labels.join(', ')}.`,
          hint,
        );
      } else if (scheme.kind === 'passed') {
        report(
          'passed-through',
          scheme.place,
          `The gateway does not check ${scheme.name}, only the backend does: ${labels.join(', ')}.`,
        );
        if (scheme.usesAuthorization && authenticatesToBackend) {
          report(
            'authorization-overwritten',
            scheme.place,
            `The backend gets the token of ${scheme.name} in X-Forwarded-Authorization, not in Authorization.`,
          );
        }
      }
    }
    for (const scheme of scoped) {
      report('scopes-ignored', scheme.place, `The scopes of ${scheme.name} are not checked at the gateway.`);
    }
    for (const scheme of schemes.values()) {
      if (!used.has(scheme) && scheme.kind !== 'passed' && !affected.has(scheme)) {
        report(
          'field-dropped',
          scheme.place,
          `The security scheme ${scheme.name} is left out: no operation requires it.`,
        );
      }
    }
    if (open.length > 0)
      report(
        'open-operations',
        ROOT,
        `Anyone may call ${open.length === 1 ? '1 operation' : `${open.length} operations`}: ${listed(open)}.`,
      );
  };

  return { protect, conclude, used: () => [...schemes.values()].filter((scheme) => used.has(scheme)) };
}

interface Alternative {
  readonly parts: readonly { readonly scheme: Scheme; readonly scopes: readonly string[] }[];
}

function readAlternative(
  item: Json,
  place: Place,
  schemeOf: (name: string, place: Place) => Scheme,
): Alternative {
  const parts = Object.entries(asObject(item) ?? {}).map(([name, scopes]) => ({
    scheme: schemeOf(name, place),
    scopes: asTexts(scopes),
  }));
  return { parts };
}

/** The part of an alternative that the gateway checks. Schemes with the same provider are met by the same token. */
function kept(alternative: Alternative): Alternative['parts'] {
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

function settle(
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
    const names = crowded.map(({ scheme }) => scheme.name).join(' and ');
    report('jwt-and-jwt', place, `${label} requires ${names} at once, which API Gateway refuses.`);
  }
  const mixed = keyed.length > 0 && keyed.length < required.length;
  if (mixed) {
    report(
      'api-key-or-other',
      place,
      `${label} takes an API key or something else: API Gateway would ask for no key.`,
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

function note(map: Map<Scheme, string[]>, scheme: Scheme, label: string): void {
  const labels = map.get(scheme);
  if (labels === undefined) map.set(scheme, [label]);
  else if (!labels.includes(label)) labels.push(label);
}
