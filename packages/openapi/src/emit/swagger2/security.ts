import type { Report } from '../../diagnostic.ts';
import { asText, type JsonObject } from '../../json.ts';
import { isUrl } from '../../schema/external-docs.ts';
import type { Protection } from '../../security/protection.ts';
import type { Provider } from '../../security/provider.ts';
import { REFUSED_ISSUER, type Scheme } from '../../security/scheme.ts';

/** `securityDefinitions` of the schemes that are used. */
export function securityDefinitions(schemes: readonly Scheme[], report: Report): JsonObject {
  return Object.fromEntries(schemes.map((scheme) => [scheme.name, definition(scheme, report)]));
}

function definition(scheme: Scheme, report: Report): JsonObject {
  const description = asText(scheme.source.description);
  const head: JsonObject = description === undefined ? {} : { description };
  if (scheme.kind === 'api-key') {
    const { name, in: where } = scheme.source;
    if (name !== undefined && (name !== 'key' || where !== 'query')) {
      report(
        'api-key-moved',
        scheme.place,
        `The API key ${scheme.name} is written as the query parameter \`key\`.`,
      );
    }
    return { type: 'apiKey', ...head, name: 'key', in: 'query' };
  }
  return tokenDefinition(providerOf(scheme), head, asText(scheme.source.authorizationUrl));
}

/** The provider of a scheme; of one that was refused, an issuer whose tokens nobody has. */
export function providerOf(scheme: Scheme): Provider {
  if (scheme.kind === 'jwt') return scheme.provider;
  return { issuer: `${REFUSED_ISSUER}/${encodeURIComponent(scheme.name)}`, audiences: [], locations: [] };
}

/** Google reads a JWT provider from an implicit OAuth2 flow; its authorizationUrl it does not use. */
function tokenDefinition(provider: Provider, head: JsonObject, stated: string | undefined): JsonObject {
  const { issuer, jwksUri, audiences, locations } = provider;
  const url = [stated, issuer, jwksUri].find((candidate) => candidate !== undefined && isUrl(candidate));
  return {
    type: 'oauth2',
    ...head,
    flow: 'implicit',
    authorizationUrl: url ?? 'https://unused.invalid/',
    'x-google-issuer': issuer,
    ...(jwksUri === undefined ? {} : { 'x-google-jwks_uri': jwksUri }),
    ...(audiences.length === 0 ? {} : { 'x-google-audiences': audiences.join(',') }),
    ...(locations.length === 0
      ? {}
      : {
          'x-google-jwt-locations': locations.map(({ in: where, name, valuePrefix }) => ({
            [where]: name,
            ...(valuePrefix === undefined ? {} : { value_prefix: valuePrefix }),
          })),
        }),
  };
}

/** The `security` of an operation; scopes are left out, as API Gateway ignores them. */
export function securityOf(protection: Protection): JsonObject {
  if (protection.security === undefined) return {};
  // Without their scopes, alternatives may be the same.
  const alternatives = new Set(
    protection.security.map((requirement) => JSON.stringify(Object.keys(requirement))),
  );
  const names = [...alternatives].map((text): string[] => JSON.parse(text));
  return { security: names.map((list) => Object.fromEntries(list.map((name) => [name, []]))) };
}
