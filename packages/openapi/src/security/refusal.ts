import { asObject, asText, type JsonObject, own } from '../json.ts';

/** Why a scheme cannot be had. */
export interface Refusal {
  readonly code:
    | 'jwt-mapping-unfit'
    | 'jwt-not-mapped'
    | 'api-key-place'
    | 'scheme-unsupported'
    | 'scheme-undefined';
  readonly why: string;
  readonly hint?: string;
}

/** Why a scheme can't be mapped to an issuer: its callers send a name and a password, say, and never a token. */
export function unfitFor(source: JsonObject): Refusal | undefined {
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

/** Why the gateway can't check a scheme that nothing maps, and what to do. */
export function refusalOf(name: string, source: JsonObject): Refusal {
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

/** Whether callers send it in the header Authorization, which the gateway moves. */
export function usesAuthorization(source: JsonObject): boolean {
  if (source.type !== 'apiKey') return source.type !== 'mutualTLS';
  return source.in === 'header' && asText(source.name)?.toLowerCase() === 'authorization';
}
