import type { Reply } from '../../kernel/http/call.ts';
import type { Route } from '../../kernel/http/route.ts';
import type { Context } from '../context.ts';
import { FlyError } from '../errors.ts';
import type { Organization } from '../organization.ts';
import { type FlyCall, rest } from '../route.ts';

/** Organizations, as api.fly.io's REST side has them. */
export const organizationRoutes: readonly Route<Context>[] = [
  rest('GET', '/api/v1/organizations', (call, cloud) => ({
    body: { organizations: readable(call, cloud).map(shown) },
  })),
  rest('GET', '/api/v1/organizations/{org}', get),
];

/** The organizations a token may see. */
export function readable({ token }: Pick<FlyCall, 'token'>, cloud: Context): Organization[] {
  return [...cloud.fly.organizations.values()].filter(
    (organization) => !token.organization || token.organization === organization,
  );
}

function get(call: FlyCall, cloud: Context): Reply {
  const organization = readable(call, cloud).find(({ slug }) => slug === call.params.org);
  if (!organization) throw new FlyError(404, 'Not Found');
  return { body: { organization: shown(organization) } };
}

function shown({ id, numericId, slug, name, personal }: Organization): Record<string, unknown> {
  return {
    id,
    internal_numeric_id: numericId,
    slug,
    raw_slug: slug,
    name,
    personal,
    paid_plan: false,
    billable: true,
    billing_status: 'CURRENT',
    remote_builder_image: '',
    provisions_beta_extensions: false,
  };
}
