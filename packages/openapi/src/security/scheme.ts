import type { Report } from '../diagnostic.ts';
import type { Doubts } from '../form/form.ts';
import { asObject, asText, type Json, type JsonObject, own } from '../json.ts';
import { type ApiDocument, follow } from '../model/document.ts';
import type { EmitOptions, JwtMapping } from '../options.ts';
import { below, type Place, ROOT } from '../place.ts';
import { fromMapping, ownProvider, type Provider } from './provider.ts';
import { type Refusal, refusalOf, unfitFor, usesAuthorization } from './refusal.ts';

/** What the gateway makes of a security scheme. */
export type Scheme = SchemeFields &
  (
    | { readonly kind: 'api-key' }
    | { readonly kind: 'jwt'; readonly provider: Provider }
    | { readonly kind: 'passed'; readonly usesAuthorization: boolean }
    /** Without a refusal, the reason was reported where it stands. */
    | { readonly kind: 'refused'; readonly refusal?: Refusal }
  );

interface SchemeFields {
  readonly name: string;
  readonly place: Place;
  /** As the document defines it; empty when it does not, or when the scheme is ours. */
  readonly source: JsonObject;
}

/**
 * The issuer of a scheme that could not be had. No token can carry it, so even a document that is deployed in spite
 * of the error stays closed (`.invalid` is reserved, RFC 2606).
 */
export const REFUSED_ISSUER = 'https://unmapped.invalid';

/** The schemes of a document by name, as the gateway can check them with the mappings given. */
export function readSchemes(
  document: ApiDocument,
  doubts: Doubts,
  options: EmitOptions,
  report: Report,
): Map<string, Scheme> {
  const [defined, place] = definitionsOf(document);
  const schemes = new Map<string, Scheme>();
  for (const name of Object.keys(defined)) {
    const at = below(place, name);
    const scheme: Scheme = doubts(at)
      ? { name, place: at, source: {}, kind: 'refused' }
      : readScheme(document, name, defined[name], at, options);
    schemes.set(name, scheme);
  }
  reportConflicts(options, report);
  for (const { scheme } of options.jwt ?? []) {
    if (!schemes.has(scheme))
      report('jwt-mapping-unused', ROOT, `The document has no security scheme ${scheme}.`);
  }
  for (const scheme of options.passthrough ?? []) {
    if (!schemes.has(scheme))
      report('passthrough-unused', ROOT, `The document has no security scheme ${scheme}.`);
  }
  return schemes;
}

/** Says of which schemes the options say two things: the first mapping would win, and a mapping over a pass-through. */
function reportConflicts({ jwt = [], passthrough = [] }: EmitOptions, report: Report): void {
  const first = new Map<string, JwtMapping>();
  for (const mapping of jwt) {
    const { scheme } = mapping;
    const former = first.get(scheme);
    if (former === undefined) first.set(scheme, mapping);
    else if (JSON.stringify(former) !== JSON.stringify(mapping))
      report(
        'jwt-mapping-conflict',
        ROOT,
        `The scheme ${scheme} is mapped to ${former.issuer} and to ${mapping.issuer}.`,
      );
    if (former === undefined && passthrough.includes(scheme))
      report(
        'jwt-mapping-conflict',
        ROOT,
        `The scheme ${scheme} is mapped to ${mapping.issuer} and passed through as well.`,
      );
  }
}

function definitionsOf(document: ApiDocument): readonly [JsonObject, Place] {
  if (document.version === '2.0') {
    return [asObject(own(document.root, 'securityDefinitions')) ?? {}, below(ROOT, 'securityDefinitions')];
  }
  const components = asObject(own(document.root, 'components'));
  return [asObject(own(components, 'securitySchemes')) ?? {}, '#/components/securitySchemes'];
}

function readScheme(
  document: ApiDocument,
  name: string,
  value: Json | undefined,
  place: Place,
  options: EmitOptions,
): Scheme {
  const found = follow(document, value, place);
  if (found === undefined) return undefinedScheme(name, place);
  const source = found.object;
  const fields = { name, place, source };
  const mapping = options.jwt?.find((candidate) => candidate.scheme === name);
  const unfit = mapping === undefined ? undefined : unfitFor(source);
  if (unfit !== undefined) return { ...fields, kind: 'refused', refusal: unfit };
  if (mapping !== undefined) return { ...fields, kind: 'jwt', provider: fromMapping(mapping, source) };
  if (options.passthrough?.includes(name) === true) {
    return { ...fields, kind: 'passed', usesAuthorization: usesAuthorization(source) };
  }
  const provider = ownProvider(source);
  if (provider?.issuer.startsWith(REFUSED_ISSUER) === true) {
    return {
      ...fields,
      kind: 'refused',
      refusal: { code: 'jwt-not-mapped', why: 'has an issuer that was never mapped' },
    };
  }
  if (provider !== undefined) return { ...fields, kind: 'jwt', provider };
  if (isGatewayKey(source)) return { ...fields, kind: 'api-key' };
  return { ...fields, kind: 'refused', refusal: refusalOf(name, source) };
}

/** A scheme that requirements name and nothing defines. */
export function undefinedScheme(name: string, place: Place): Scheme {
  return {
    name,
    place,
    source: {},
    kind: 'refused',
    refusal: { code: 'scheme-undefined', why: 'is not defined' },
  };
}

/** An API key where the gateway looks for one: `?key=`, `?api_key=` or the header x-api-key. */
function isGatewayKey(source: JsonObject): boolean {
  if (source.type !== 'apiKey') return false;
  if (source.in === 'query') return source.name === 'key' || source.name === 'api_key';
  return source.in === 'header' && asText(source.name)?.toLowerCase() === 'x-api-key';
}
