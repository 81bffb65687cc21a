import type { Reply } from '../../kernel/http/call.ts';
import type { Route } from '../../kernel/http/route.ts';
import { isBuilderRole } from '../builders/builder.ts';
import type { Context } from '../context.ts';
import { FlyError, invalid, notFound, unauthorized } from '../errors.ts';
import { destroy, inBackground } from '../machines/lifecycle.ts';
import { body, type FlyCall, flaps } from '../route.ts';
import { allows } from '../sign-in/token.ts';
import { type App, statusOf } from './app.ts';

const NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Apps, as the Machines API has them. */
export const appRoutes: readonly Route<Context>[] = [
  flaps('GET', '/apps', list),
  flaps('POST', '/apps', create),
  flaps('GET', '/apps/{app}', (call) => ({ body: shown(call.app('read')) })),
  flaps('DELETE', '/apps/{app}', (call, cloud) => {
    removeApp(cloud, call.app('write'));
    return { status: 202 };
  }),
  flaps('POST', '/apps/{app}/deploy_token', deployToken),
];

/** Destroys an app's machines and forgets it. */
export function removeApp(cloud: Context, app: App): void {
  for (const machine of app.machines.values())
    if (machine.active) inBackground(cloud, machine, destroy(cloud, machine, true));
  cloud.fly.removeApp(app.name);
  void cloud.flyPlane.closeFront(app);
}

/**
 * Makes an app in an organization.
 * @throws FlyError for a name that is taken or none, or for a token that is for one app only
 */
export function createApp(
  call: Pick<FlyCall, 'token'>,
  cloud: Context,
  name: string,
  slug: string,
  network?: string,
  role?: string,
): App {
  const organization = cloud.fly.organizations.get(slug);
  if (!organization) throw notFound('organization');
  const { token } = call;
  const mayCreate = !token.app || (token.kind === 'deploy' && isBuilderRole(role));
  if ((token.organization && token.organization !== organization) || !mayCreate) throw unauthorized();
  if (token.kind === 'readonly') throw new FlyError(403, 'permission_denied: token is read-only');
  if (!NAME.test(name))
    throw invalid('app names may have only lowercase letters, digits and dashes, at most 63 of them');
  if (cloud.fly.findApp(name)) throw new FlyError(422, 'Validation failed: Name has already been taken');
  return cloud.fly.addApp(name, organization, network || 'default', role);
}

function list(call: FlyCall, cloud: Context): Reply {
  const slug = call.query.get('org_slug');
  const role = call.query.get('app_role');
  const apps = cloud.fly
    .apps()
    .filter((app) => !slug || app.organization.slug === slug)
    .filter((app) => !role || app.role === role)
    .filter((app) => allows(call.token, app, 'read'));
  return { body: { total_apps: apps.length, apps: apps.map(shown) } };
}

function create(call: FlyCall, cloud: Context): Reply {
  const input = body<{
    name?: string;
    app_name?: string;
    org_slug?: string;
    network?: string;
    app_role_id?: string;
  }>(call);
  const name = input.name ?? input.app_name ?? '';
  const app = createApp(call, cloud, name, input.org_slug ?? '', input.network, input.app_role_id);
  return { status: 201, body: { ...shown(app), created_at: app.createdAt } };
}

function deployToken(call: FlyCall, cloud: Context): Reply {
  const app = call.app('write');
  const { expiry } = body<{ expiry?: string }>(call);
  const [, hours, minutes, seconds] = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(expiry ?? '') ?? [];
  const lifetime = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
  if (expiry && lifetime === 0) throw invalid(`expiry "${expiry}" is no duration`);
  const { organization } = app;
  const token = cloud.fly.tokens.issue({
    kind: 'deploy',
    name: `deploy token of ${app.name}`,
    organization,
    app,
    ...(lifetime > 0 && { lifetime }),
  });
  return { body: { token: `FlyV1 ${token.macaroon}` } };
}

function shown(app: App): Record<string, unknown> {
  const { name, numericId, network, organization, machines, volumes } = app;
  return {
    id: name,
    name,
    internal_numeric_id: numericId,
    network,
    status: statusOf(app),
    machine_count: [...machines.values()].filter(({ active }) => active).length,
    volume_count: volumes.size,
    cname_target: `${numericId.toString(36)}.${name}.fly.dev`,
    app_role: app.role,
    organization: {
      name: organization.name,
      slug: organization.slug,
      internal_numeric_id: organization.numericId,
    },
  };
}
