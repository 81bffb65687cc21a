import type { Context } from '../context.ts';
import { FlyError, invalid } from '../errors.ts';
import { milliseconds } from '../machines/config.ts';
import type { Organization } from '../organization.ts';
import type { Token } from '../sign-in/token.ts';

export interface LimitedTokenInput {
  readonly name: string;
  readonly organizationId: string;
  /** `deploy`, `deploy_organization` or `read_organization` (https://fly.io/docs/security/tokens/). */
  readonly profile: string;
  readonly profileParams?: { readonly app_id?: string };
  readonly expiry?: string;
}

/**
 * Makes a token that may do less, as `flyctl tokens create` asks for.
 * @throws FlyError when the token that asks may not, or for a profile that is not known
 */
export function limitedToken(
  cloud: Context,
  { kind }: Token,
  organization: Organization,
  { name, profile, profileParams, expiry }: LimitedTokenInput,
): Token {
  if (kind !== 'user' && kind !== 'org') throw new FlyError(403, 'Not authorized to create tokens');
  const lifetime = expiry ? { lifetime: milliseconds(expiry, 0) / 1000 } : {};
  const issue = (scope: { kind: 'org' | 'readonly' }) =>
    cloud.fly.tokens.issue({ ...scope, name, organization, ...lifetime });
  if (profile === 'deploy_organization') return issue({ kind: 'org' });
  if (profile === 'read_organization') return issue({ kind: 'readonly' });
  if (profile !== 'deploy') throw invalid(`unknown profile "${profile}"`);
  const app = cloud.fly.findApp(profileParams?.app_id ?? '');
  if (!app || app.organization !== organization) throw new FlyError(404, 'Could not find App');
  return cloud.fly.tokens.issue({ kind: 'deploy', name, organization, app, ...lifetime });
}
