import type { Reply } from '../kernel/http/call.ts';
import type { Route } from '../kernel/http/route.ts';
import type { Context } from './context.ts';
import { FlyError } from './errors.ts';
import { REGIONS } from './regions.ts';
import { body, type FlyCall, flaps } from './route.ts';
import { machineIdToken } from './sign-in/oidc.ts';

/** What the Machines API tells about the platform and about the caller. */
export const platformRoutes: readonly Route<Context>[] = [
  flaps('GET', '/platform/regions', () => ({ body: { nearest: 'iad', regions: REGIONS.map(shownRegion) } })),
  flaps('POST', '/platform/placements', placements),
  flaps('GET', '/tokens/current', currentToken),
  flaps('POST', '/tokens/oidc', idToken),
];

function shownRegion(region: (typeof REGIONS)[number]): Record<string, unknown> {
  return { ...region, gateway_available: true, requires_paid_plan: false, deprecated: false, capacity: 1000 };
}

function placements(call: FlyCall): Reply {
  const { region, count } = body<{ region?: string; count?: number }>(call);
  const asked = region?.split(',')[0] || 'iad';
  return {
    body: { regions: [{ region: asked === 'any' ? 'iad' : asked, count: count || 1000, concurrency: 1000 }] },
  };
}

/** Who a token is for (https://docs.machines.dev, "CurrentTokenResponse"). */
function currentToken(call: FlyCall, cloud: Context): Reply {
  const { id, kind, name, organization, app, machine } = call.token;
  const organizations = organization ? [organization] : [...cloud.fly.organizations.values()];
  return {
    body: {
      tokens: organizations.map(({ slug, name: called }) => ({
        token_id: id,
        organization: called,
        org_slug: slug,
        apps: app ? [app.name] : ['*'],
        ...(kind === 'user' && { user: name }),
        ...(machine && { restricted_to_machine: machine, source_machine_id: machine }),
      })),
    },
  };
}

/** An ID token of the machine that asks; no other caller has an identity. */
async function idToken(call: FlyCall, cloud: Context): Promise<Reply> {
  const { app, machine } = call.token;
  const caller = machine && app && cloud.fly.findApp(app.name)?.machines.get(machine);
  if (!caller) throw new FlyError(403, 'permission_denied: only a machine can have an OIDC token');
  const { aud } = body<{ aud?: string }>(call);
  return {
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    body: await machineIdToken(cloud, caller, aud),
  };
}
