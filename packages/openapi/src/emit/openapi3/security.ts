import type { Report } from '../../diagnostic.ts';
import { asObject, asText, type JsonObject, own } from '../../json.ts';
import { isUrl } from '../../schema/external-docs.ts';
import type { Protection } from '../../security/protection.ts';
import type { Provider } from '../../security/provider.ts';
import type { Scheme } from '../../security/scheme.ts';
import { providerOf } from '../swagger2/security.ts';

/** `components.securitySchemes` of the schemes that are used. */
export function securitySchemes(schemes: readonly Scheme[], report: Report): JsonObject {
  return Object.fromEntries(schemes.map((scheme) => [scheme.name, write(scheme, report)]));
}

function write(scheme: Scheme, report: Report): JsonObject {
  const description = asText(scheme.source.description);
  const head: JsonObject = description === undefined ? {} : { description };
  if (scheme.kind !== 'api-key') return writeToken(scheme, head);
  const { name, in: where } = scheme.source;
  if (name !== undefined && (asText(name)?.toLowerCase() !== 'x-api-key' || where !== 'header')) {
    report('api-key-moved', scheme.place, `The API key ${scheme.name} is written as the header x-api-key.`);
  }
  return { type: 'apiKey', ...head, name: 'x-api-key', in: 'header' };
}

/** `x-google-auth` belongs to oauth2 and openIdConnect; a bearer scheme becomes the latter. */
function writeToken(scheme: Scheme, head: JsonObject): JsonObject {
  const provider = providerOf(scheme);
  const auth = { 'x-google-auth': writeProvider(provider) };
  const { source } = scheme;
  const flows = flowsOf(source);
  if (scheme.kind === 'jwt' && source.type === 'oauth2' && Object.keys(flows).length > 0) {
    return { type: 'oauth2', ...head, flows, ...auth };
  }
  const { issuer, jwksUri } = provider;
  const discovery = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const stated = source.type === 'openIdConnect' ? asText(source.openIdConnectUrl) : undefined;
  const url = [stated, discovery, jwksUri].find((candidate) => candidate !== undefined && isUrl(candidate));
  return { type: 'openIdConnect', ...head, openIdConnectUrl: url ?? 'https://unused.invalid/', ...auth };
}

const FLOWS: Readonly<Record<string, readonly string[]>> = {
  implicit: ['authorizationUrl'],
  password: ['tokenUrl'],
  clientCredentials: ['tokenUrl'],
  authorizationCode: ['authorizationUrl', 'tokenUrl'],
};

/** The flows that 3.0 has, each with what it must have and nothing else; the gateway looks at none of it. */
function flowsOf(source: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(FLOWS).flatMap(([name, urls]) => {
      const flow = asObject(own(asObject(own(source, 'flows')), name));
      if (flow === undefined) return [];
      const scopes = Object.entries(asObject(own(flow, 'scopes')) ?? {});
      const refreshUrl = asText(own(flow, 'refreshUrl'));
      const written = {
        ...Object.fromEntries(urls.map((url) => [url, asText(own(flow, url)) ?? ''])),
        ...(refreshUrl === undefined ? {} : { refreshUrl }),
        scopes: Object.fromEntries(scopes.map(([scope, text]) => [scope, asText(text) ?? ''])),
      };
      return [[name, written]];
    }),
  );
}

function writeProvider({ issuer, jwksUri, audiences, locations }: Provider): JsonObject {
  return {
    issuer,
    ...(jwksUri === undefined ? {} : { jwksUri }),
    ...(audiences.length === 0 ? {} : { audiences: [...audiences] }),
    ...(locations.length === 0
      ? {}
      : {
          jwtLocations: locations.map(({ in: where, name, valuePrefix }) => ({
            [where]: name,
            ...(valuePrefix === undefined ? {} : { valuePrefix }),
          })),
        }),
  };
}

/** The `security` of an operation. */
export function securityOf(protection: Protection): JsonObject {
  if (protection.security === undefined) return {};
  return {
    security: protection.security.map((requirement) =>
      Object.fromEntries(Object.entries(requirement).map(([name, scopes]) => [name, [...scopes]])),
    ),
  };
}
