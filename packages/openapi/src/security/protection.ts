import { listed, type Report } from '../diagnostic.ts';
import { type Doubts, ROOT_SECURITY } from '../form/form.ts';
import { asObject, asTexts, type Json, type JsonObject, own } from '../json.ts';
import type { ApiDocument } from '../model/document.ts';
import type { EmitOptions } from '../options.ts';
import { below, type Place, ROOT } from '../place.ts';
import { readSchemes, type Scheme, undefinedScheme } from './scheme.ts';
import { type Audiences, audiencesOf } from './x-security.ts';

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
export function guard(document: ApiDocument, doubts: Doubts, options: EmitOptions, report: Report): Guard {
  const schemes = readSchemes(document, doubts, options, report);
  const used = new Set<Scheme>();
  const affected = new Map<Scheme, string[]>();
  const scoped = new Set<Scheme>();
  const open: string[] = [];
  const rootSecurity = own(document.root, 'security');
  const inherited = Array.isArray(rootSecurity) && rootSecurity.length === 0 ? undefined : rootSecurity;
  const rootAudiences = audiencesOf(document.root);

  const schemeOf = (name: string, place: Place): Scheme => {
    const known = schemes.get(name);
    if (known !== undefined) return known;
    const missing = undefinedScheme(name, place);
    schemes.set(name, missing);
    return missing;
  };

  /** A scheme of ours, under a name that the document does not use. */
  const ours = (wanted: string, kind: { readonly kind: 'api-key' | 'refused' }): Scheme => {
    const scheme: Scheme = { name: freeName(wanted, schemes), place: ROOT, source: {}, ...kind };
    schemes.set(scheme.name, scheme);
    return scheme;
  };

  const ourKey = (): Scheme =>
    [...schemes.values()].find((scheme) => scheme.kind === 'api-key') ?? ours('api_key', { kind: 'api-key' });

  let lock: Scheme | undefined;
  /** For an operation of which nobody can say who may call it. The error was reported where it stands. */
  const closed = (): Protection => {
    lock ??= ours('malformed', { kind: 'refused' });
    used.add(lock);
    return { access: 'jwt', security: [{ [lock.name]: [] }] };
  };

  /** The scheme, made to take tokens for certain audiences only: of the same name if it did so already. */
  const forAudiences = (name: string, audiences: readonly string[], place: Place): Scheme => {
    const scheme = schemeOf(name, place);
    if (scheme.kind !== 'jwt' || audiences.length === 0) return scheme;
    const provider = { ...scheme.provider, audiences };
    const same = (other: Scheme): boolean =>
      other.kind === 'jwt' &&
      other.source === scheme.source &&
      JSON.stringify(other.provider) === JSON.stringify(provider);
    const known = [...schemes.values()].find(same);
    if (known !== undefined) return known;
    const variant: Scheme = { ...scheme, name: freeName(name, schemes), provider };
    schemes.set(variant.name, variant);
    return variant;
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
    if (doubts(place)) return closed();
    const stated = own(operation, 'security');
    const asked = audiencesOf(operation);
    if (stated === undefined && doubts(ROOT_SECURITY)) return closed();
    const value = stated ?? inherited;
    const audiences = asked ?? (stated === undefined ? rootAudiences : undefined);
    const at = stated === undefined ? ROOT_SECURITY : below(place, 'security');
    if (value === undefined && audiences === undefined) return unsecured(label, undefined);
    if (value !== undefined && !isRequirements(value)) return closed();
    if (value?.length === 0 && audiences === undefined) {
      report('open-by-document', at, `${label} is open: its security is empty.`);
      return { access: 'open', security: [] };
    }
    const written = (value ?? []).map((item) => readAlternative(item, at, schemeOf));
    const alternatives =
      audiences === undefined
        ? written
        : withAudiences(written, asked === undefined || stated !== undefined, audiences, at, forAudiences);
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
        if (scheme.refusal === undefined) continue;
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
    // A scheme of which only a variant with other audiences is used is not left out.
    const sources = new Set([...used].map(({ source }) => source));
    for (const scheme of schemes.values()) {
      if (!sources.has(scheme.source) && scheme.kind !== 'passed' && !affected.has(scheme)) {
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

/** Whether a `security` is a list of objects. What else is wrong with it was said when its form was checked. */
export function isRequirements(value: Json): value is JsonObject[] {
  return Array.isArray(value) && value.every((item) => asObject(item) !== undefined);
}

/**
 * `security` and `x-security` together, as Google's importer puts them: any of the tokens will do, those of `x-security`
 * for its audiences; and if `security` asks for a key, the key as well. Of the root's `security`, an operation with an
 * `x-security` of its own keeps the key only (`besideIt` is false then).
 */
function withAudiences(
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

function freeName(wanted: string, taken: ReadonlyMap<string, unknown>): string {
  if (!taken.has(wanted)) return wanted;
  for (let nth = 2; ; nth += 1) if (!taken.has(`${wanted}_${nth}`)) return `${wanted}_${nth}`;
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
