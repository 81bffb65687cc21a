import type { JwtProvider } from '../compiled.ts';
import type { Diagnostics } from '../diagnostics.ts';
import { arrayOr, isObject, type JsonObject } from '../json.ts';
import type { SecuritySchemes } from './security.ts';

const EXTENSION = 'x-security';

/**
 * Reads 2.0's `x-security`, `[{SCHEME: {audiences: […]}}, …]`: any one of the providers must accept the token, for its
 * audiences (https://github.com/googleapis/api-compiler, AuthRuleGenerator.java and AuthRequirementValidator.java).
 * @returns the providers by the names of their schemes; undefined when there is no `x-security`
 */
export function xSecurity(
  holder: JsonObject,
  location: string,
  schemes: SecuritySchemes,
  diagnostics: Diagnostics,
): ReadonlyMap<string, JwtProvider> | undefined {
  const value = holder[EXTENSION];
  if (value === undefined) return undefined;
  const providers = new Map<string, JwtProvider>();
  if (!Array.isArray(value) || !value.every(isObject)) {
    diagnostics.error(
      location,
      `Extension ${EXTENSION} does not have the valid value. Please check the documentation for its schema`,
    );
    return providers;
  }
  for (const [name, fields] of value.flatMap((item) => Object.entries(item))) {
    const scheme = schemes.get(name);
    if (scheme?.kind !== 'jwt') {
      diagnostics.error(
        location,
        `Schema '${name}' referenced in extension ${EXTENSION} does not have a valid value. Please check the documentation for its schema.`,
      );
    } else if (!isObject(fields) || !Array.isArray(fields.audiences)) {
      diagnostics.error(
        location,
        `Extension ${EXTENSION} does not have a valid value. Please check the documentation for its schema.`,
      );
    } else {
      const audiences = arrayOr(fields.audiences).map(String);
      providers.set(name, audiences.length === 0 ? scheme.provider : { ...scheme.provider, audiences });
    }
  }
  return providers;
}
