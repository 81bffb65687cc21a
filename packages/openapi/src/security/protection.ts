import { listed, type Report } from '../diagnostic.ts';
import { type Doubts, ROOT_SECURITY } from '../form/form.ts';
import { asObject, type Json, type JsonObject, own } from '../json.ts';
import type { ApiDocument } from '../model/document.ts';
import type { EmitOptions } from '../options.ts';
import { below, type Place, ROOT } from '../place.ts';
import { readAlternative, together } from './alternative.ts';
import { readSchemes, type Scheme, undefinedScheme } from './scheme.ts';
import { type Access, kept, type Protection, type Requirement, settle } from './settle.ts';
import { audiencesOf, withAudiences } from './x-security.ts';

export type { Access, Protection };

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

  let joined = false;
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
    const stand = (value ?? []).map((item) => readAlternative(item, at, schemeOf));
    const written = together(stand, options.allOf ?? []);
    if (written !== stand) joined = true;
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
    if ((options.allOf ?? []).length > 0 && !joined)
      report(
        'all-of-unused',
        ROOT,
        `No operation has several of ${options.allOf?.join(', ')} as alternatives.`,
      );
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

/** Whether a `security` is a list of objects. What else is wrong with it was said when its form was checked. */
export function isRequirements(value: Json): value is JsonObject[] {
  return Array.isArray(value) && value.every((item) => asObject(item) !== undefined);
}

function freeName(wanted: string, taken: ReadonlyMap<string, unknown>): string {
  if (!taken.has(wanted)) return wanted;
  for (let nth = 2; ; nth += 1) if (!taken.has(`${wanted}_${nth}`)) return `${wanted}_${nth}`;
}

function note(map: Map<Scheme, string[]>, scheme: Scheme, label: string): void {
  const labels = map.get(scheme);
  if (labels === undefined) map.set(scheme, [label]);
  else if (!labels.includes(label)) labels.push(label);
}
