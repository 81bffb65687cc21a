import type { JwtLocation, JwtProvider } from '../compiled.ts';
import { type Diagnostics, UNKNOWN_LOCATION } from '../diagnostics.ts';
import { arrayOr, type JsonObject, objectOr } from '../json.ts';

/** What a security scheme is to a gateway. */
export type SecurityScheme =
  | { readonly kind: 'apiKey' }
  | { readonly kind: 'jwt'; readonly provider: JwtProvider }
  | { readonly kind: 'ignored' };

export type SecuritySchemes = ReadonlyMap<string, SecurityScheme>;

const OPEN_OPERATION =
  "Operation does not require an API key; callers may invoke the method without specifying an associated API-consuming project. To enable API key all the SecurityRequirement Objects (https://github.com/OAI/OpenAPI-Specification/blob/master/versions/2.0.md#security-requirement-object) inside security definition must reference at least one SecurityDefinition of type : 'apiKey'.";

/** Tells whether ESPv2 reads a key from where the scheme says it is. */
export function isApiKeyPlace(scheme: JsonObject): boolean {
  const name = String(scheme.name);
  if (scheme.in === 'query') return name === 'key' || name === 'api_key';
  return scheme.in === 'header' && name.toLowerCase() === 'x-api-key';
}

/** Warns of a scheme no gateway can enforce: operations under it stay open. */
export function ignored(diagnostics: Diagnostics, name: string, scheme: JsonObject): SecurityScheme {
  diagnostics.warn(
    UNKNOWN_LOCATION,
    scheme.type === 'apiKey'
      ? `apiKey '${String(scheme.name)}' is ignored. Only apiKey with 'name' as 'key' and 'in' as 'query' are supported`
      : `Security Schema '${name}' is not supported. Only support schema are OAuth2`,
  );
  return { kind: 'ignored' };
}

/** Reads 2.0's `securityDefinitions`. */
export function swagger2Schemes(
  document: JsonObject,
  file: string,
  diagnostics: Diagnostics,
): SecuritySchemes {
  const schemes = Object.entries(objectOr(document.securityDefinitions)).sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(
    schemes.map(([name, value]) => [name, swagger2Scheme(name, objectOr(value), file, diagnostics)]),
  );
}

function swagger2Scheme(
  name: string,
  scheme: JsonObject,
  file: string,
  diagnostics: Diagnostics,
): SecurityScheme {
  if (scheme.type === 'apiKey' && isApiKeyPlace(scheme)) return { kind: 'apiKey' };
  if (scheme.type !== 'oauth2') return ignored(diagnostics, name, scheme);
  const text = (extension: string) => stringExtension(scheme, extension, file, diagnostics);
  const provider: JwtProvider = {
    issuer: renamed(scheme, 'x-google-issuer', 'x-issuer', file, diagnostics) ?? '',
    jwksUri: renamed(scheme, 'x-google-jwks_uri', 'x-jwks_uri', file, diagnostics),
    audiences: (text('x-google-audiences') ?? '')
      .split(',')
      .map((audience) => audience.trim())
      .filter(Boolean),
    locations: jwtLocations(scheme['x-google-jwt-locations'], 'value_prefix'),
  };
  return { kind: 'jwt', provider };
}

/** Where a provider's tokens are: `[{header, PREFIX} | {query}]`; the prefix's name differs between 2.0 and 3.x. */
export function jwtLocations(value: unknown, prefix: 'value_prefix' | 'valuePrefix'): JwtLocation[] {
  return arrayOr(value).flatMap((item): JwtLocation[] => {
    const { header, query, [prefix]: valuePrefix } = objectOr(item);
    if (typeof header === 'string')
      return [{ in: 'header', name: header, valuePrefix: String(valuePrefix ?? '') }];
    return typeof query === 'string' ? [{ in: 'query', name: query, valuePrefix: '' }] : [];
  });
}

export interface OperationSecurity {
  readonly apiKeyRequired: boolean;
  readonly jwt: readonly JwtProvider[];
}

export interface SecurityContext {
  readonly schemes: SecuritySchemes;
  readonly diagnostics: Diagnostics;
  /** 3.x refuses a requirement that names no scheme; 2.0 passes over it. */
  readonly strict: boolean;
}

/**
 * What an operation asks of its callers. A key counts only if every alternative has it; any of the JWT
 * providers of all alternatives is enough. `extension` is what 2.0's `x-security` asks for beside.
 */
export function operationSecurity(
  requirements: unknown,
  location: string,
  { schemes, diagnostics, strict }: SecurityContext,
  extension?: ReadonlyMap<string, JwtProvider>,
): OperationSecurity {
  const alternatives = arrayOr(requirements).map((requirement) => Object.keys(objectOr(requirement)));
  const jwt = new Map<string, JwtProvider>();
  for (const names of alternatives) {
    const unknown = names.find((name) => !schemes.has(name));
    if (strict && unknown !== undefined)
      diagnostics.error(
        location,
        `Security requirement '${unknown}' is not defined in components.securitySchemes.`,
      );
    const providers = names.filter((name) => schemes.get(name)?.kind === 'jwt');
    if (providers.length > 1) diagnostics.error(location, andedProviders(providers));
    for (const name of providers) {
      const scheme = schemes.get(name);
      if (scheme?.kind === 'jwt') jwt.set(name, scheme.provider);
    }
  }
  for (const [name, provider] of extension ?? []) jwt.set(name, provider);
  const hasKey = (names: readonly string[]) => names.some((name) => schemes.get(name)?.kind === 'apiKey');
  const apiKeyRequired = alternatives.length > 0 && alternatives.every(hasKey);
  if (!apiKeyRequired) diagnostics.warn(location, OPEN_OPERATION);
  return { apiKeyRequired, jwt: [...jwt.values()] };
}

function andedProviders(names: readonly string[]): string {
  return `security section contains multiple security definitions '${names.join(',')}' within the scope (Security Requirement Object) that get logically ANDed (both requirements need to be satisfied to allow the request). We only support allowing logical OR between security definitions. Therefore, please write requirements in different objects inside the array (which would mean logical OR, that is, any of the requirement should be sufficient to allow the request.)`;
}

function renamed(
  scheme: JsonObject,
  name: string,
  legacy: string,
  file: string,
  diagnostics: Diagnostics,
): string | undefined {
  if (scheme[legacy] === undefined) return stringExtension(scheme, name, file, diagnostics);
  diagnostics.warn(
    `${file}: ${legacy}`,
    `Extension name ${legacy} has been deprecated, please rename it to ${name}.`,
  );
  if (scheme[name] !== undefined) {
    diagnostics.error(
      `${file}: ${name}`,
      `OpenAPI spec is invalid since multiple extension definitions '${legacy},${name}' for the same extension are used. Please provide only one extension definition with name '${name}'.`,
    );
  }
  return stringExtension(scheme, legacy, file, diagnostics);
}

function stringExtension(
  scheme: JsonObject,
  name: string,
  file: string,
  diagnostics: Diagnostics,
): string | undefined {
  const value = scheme[name];
  if (value === undefined || typeof value === 'string') return value;
  diagnostics.error(`${file}: ${name}`, `Extension ${name} has invalid type. Valid type is java.lang.String`);
  return undefined;
}
