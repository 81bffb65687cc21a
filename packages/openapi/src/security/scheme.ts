import type { Report } from '../diagnostic.ts';
import type { Doubts } from '../form/form.ts';
import { asList, asObject, asText, asTexts, type Json, type JsonObject, own } from '../json.ts';
import { type ApiDocument, follow } from '../model/document.ts';
import type { EmitOptions, JwtMapping } from '../options.ts';
import { below, type Place, ROOT } from '../place.ts';

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

/** Who issues tokens, and where a caller puts them. */
export interface Provider {
  readonly issuer: string;
  readonly jwksUri?: string;
  readonly audiences: readonly string[];
  readonly locations: readonly JwtLocation[];
}

/** A header or a query parameter other than `Authorization: Bearer`. */
interface JwtLocation {
  readonly in: 'header' | 'query';
  readonly name: string;
  readonly valuePrefix?: string;
}

/** Why a scheme cannot be had. */
interface Refusal {
  readonly code:
    | 'jwt-mapping-unfit'
    | 'jwt-not-mapped'
    | 'api-key-place'
    | 'scheme-unsupported'
    | 'scheme-undefined';
  readonly why: string;
  readonly hint?: string;
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

/** Why a scheme can't be mapped to an issuer: its callers send a name and a password, say, and never a token. */
function unfitFor(source: JsonObject): Refusal | undefined {
  const scheme = asText(source.scheme)?.toLowerCase() ?? '';
  const kind = source.type === 'http' && TOKENLESS.test(scheme) ? `HTTP ${scheme}` : asText(source.type);
  if (kind !== 'basic' && kind !== 'mutualTLS' && !kind?.startsWith('HTTP ')) return undefined;
  return {
    code: 'jwt-mapping-unfit',
    why: `is ${kind === 'basic' ? 'HTTP basic' : kind}, whose callers send no token`,
  };
}

/** https://www.iana.org/assignments/http-authschemes */
const TOKENLESS = /^(basic|concealed|digest|hoba|mutual|negotiate|ntlm|scram-.*|vapid)$/;

/** An API key where the gateway looks for one: `?key=`, `?api_key=` or the header x-api-key. */
function isGatewayKey(source: JsonObject): boolean {
  if (source.type !== 'apiKey') return false;
  if (source.in === 'query') return source.name === 'key' || source.name === 'api_key';
  return source.in === 'header' && asText(source.name)?.toLowerCase() === 'x-api-key';
}

function refusalOf(name: string, source: JsonObject): Refusal {
  const type = asText(source.type) ?? 'nothing';
  if (type === 'apiKey') {
    return {
      code: 'api-key-place',
      why: `is an API key in the ${asText(source.in)} \`${asText(source.name)}\``,
      hint: `Call it x-api-key in the header, or key in the query (with FastAPI: ${
        source.in === 'query' ? "APIKeyQuery(name='key')" : "APIKeyHeader(name='x-api-key')"
      }). If the backend checks keys of its own, set passthrough: ${name}.`,
    };
  }
  if (type === 'http' && asText(source.scheme)?.toLowerCase() === 'bearer') {
    return {
      code: 'jwt-not-mapped',
      why: 'is a bearer token of an unknown issuer',
      hint: `Map it: jwt ${name}=ISSUER[,JWKS_URI[,AUDIENCES]]. ${readByBackend(name)}`,
    };
  }
  if (type === 'openIdConnect') {
    const issuer = /^(https:\/\/.+)\/\.well-known\/openid-configuration$/.exec(
      asText(source.openIdConnectUrl) ?? '',
    )?.[1];
    const hint =
      issuer === undefined ? {} : { hint: `If you trust that issuer, map it: jwt ${name}=${issuer}.` };
    return { code: 'jwt-not-mapped', why: 'is OpenID Connect without a mapping', ...hint };
  }
  if (type === 'oauth2' && isPasswordFlow(source)) {
    return {
      code: 'jwt-not-mapped',
      why: 'is OAuth2 with passwords, whose tokens the backend issues itself',
      hint: `${readByBackend(name)} If they come from an issuer, map it: jwt ${name}=ISSUER[,JWKS_URI[,AUDIENCES]].`,
    };
  }
  if (type === 'oauth2') return { code: 'jwt-not-mapped', why: 'is OAuth2 without an issuer' };
  const kind = type === 'http' ? `HTTP ${asText(source.scheme) ?? ''}`.trim() : type;
  const hint = usesAuthorization(source)
    ? readByBackend(name)
    : `If the backend checks it itself, set passthrough: ${name}.`;
  return { code: 'scheme-unsupported', why: `is ${kind}, which API Gateway cannot check`, hint };
}

/** The way through for tokens that the gateway can't check. */
function readByBackend(name: string): string {
  return `If the backend reads the token itself, set passthrough: ${name}, and read it there from X-Forwarded-Authorization: docs/openapi.md has the middleware.`;
}

/** As FastAPI's OAuth2PasswordBearer, whose `tokenUrl` is a path of the backend. */
function isPasswordFlow(source: JsonObject): boolean {
  return (
    source.flow === 'password' || asObject(own(asObject(own(source, 'flows')), 'password')) !== undefined
  );
}

function fromMapping(mapping: JwtMapping, source: JsonObject): Provider {
  const { issuer, jwksUri } = mapping;
  const { audiences: own, locations: stated } = ownParts(source);
  // Who wants the audiences of the document replaced says by which.
  const audiences = mapping.audiences ?? own ?? [];
  const locations = stated ?? keyLocation(source);
  return { issuer, ...(jwksUri === undefined ? {} : { jwksUri }), audiences, locations };
}

/** A token declared as an API key in a header of its own is looked for there. */
function keyLocation(source: JsonObject): readonly JwtLocation[] {
  const name = asText(source.name);
  if (source.type !== 'apiKey' || name === undefined || name.toLowerCase() === 'authorization') return [];
  return source.in === 'header' || source.in === 'query' ? [{ in: source.in, name }] : [];
}

/** The provider a document names itself. */
function ownProvider(source: JsonObject): Provider | undefined {
  const { issuer, jwksUri, audiences = [], locations = [] } = ownParts(source);
  if (issuer === undefined) return undefined;
  return { issuer, ...(jwksUri === undefined ? {} : { jwksUri }), audiences, locations };
}

/**
 * What a scheme says of its tokens, in `x-google-auth` (3.x), in `x-google-issuer` and its kin (2.0; `x-issuer` of old),
 * or in both: what one leaves out, the other may say. That they do not contradict each other was checked with their form.
 */
function ownParts(source: JsonObject): Partial<Provider> {
  const auth = asObject(own(source, 'x-google-auth'));
  const issuer = firstText(own(auth, 'issuer'), own(source, 'x-google-issuer'), own(source, 'x-issuer'));
  const jwksUri = firstText(
    own(auth, 'jwksUri'),
    own(source, 'x-google-jwks_uri'),
    own(source, 'x-jwks_uri'),
  );
  const audiences = [asTexts(own(auth, 'audiences')), splitAudiences(own(source, 'x-google-audiences'))].find(
    ({ length }) => length > 0,
  );
  const locations = [own(auth, 'jwtLocations'), own(source, 'x-google-jwt-locations')]
    .map((value) => asList(value).flatMap(readLocation))
    .find(({ length }) => length > 0);
  return {
    ...(issuer === undefined ? {} : { issuer }),
    ...(jwksUri === undefined ? {} : { jwksUri }),
    ...(audiences === undefined ? {} : { audiences }),
    ...(locations === undefined ? {} : { locations }),
  };
}

function firstText(...values: readonly (Json | undefined)[]): string | undefined {
  return values.map(asText).find((text) => text !== undefined);
}

function splitAudiences(value: Json | undefined): string[] {
  return (asText(value) ?? '')
    .split(',')
    .flatMap((audience) => (audience.trim() === '' ? [] : [audience.trim()]));
}

function readLocation(value: Json): JwtLocation[] {
  const fields = asObject(value);
  const place = fields?.header !== undefined ? 'header' : 'query';
  const name = asText(fields?.[place]);
  if (fields === undefined || name === undefined) return [];
  const valuePrefix = asText(fields.valuePrefix) ?? asText(fields.value_prefix);
  return [{ in: place, name, ...(valuePrefix === undefined ? {} : { valuePrefix }) }];
}

function usesAuthorization(source: JsonObject): boolean {
  if (source.type !== 'apiKey') return source.type !== 'mutualTLS';
  return source.in === 'header' && asText(source.name)?.toLowerCase() === 'authorization';
}
