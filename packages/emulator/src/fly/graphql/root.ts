import { GraphQLError } from 'graphql';
import { timestamp } from '../../kernel/clock.ts';
import type { App } from '../apps/app.ts';
import { createApp, removeApp } from '../apps/apps.ts';
import { assignAddress } from '../apps/ip-assignments.ts';
import type { Context } from '../context.ts';
import { FlyError } from '../errors.ts';
import { REGIONS } from '../regions.ts';
import { readable } from '../sign-in/organizations.ts';
import { allows, type Token } from '../sign-in/token.ts';
import { shownAddress, shownApp } from './app.ts';
import { type LimitedTokenInput, limitedToken } from './limited-token.ts';
import { shownMachine } from './machine.ts';
import { shownOrganization } from './organization.ts';

type Input<T> = { input: T };

/** What queries and mutations answer the bearer of a token. */
export function root(cloud: Context, token: Token): Record<string, unknown> {
  const organization = (wanted: { id?: string; slug?: string }) => {
    const found = readable({ token }, cloud).find(({ id, slug }) => id === wanted.id || slug === wanted.slug);
    if (!found) throw notFound('Organization');
    return found;
  };
  const visible = () => cloud.fly.apps().filter((app) => allows(token, app, 'read'));
  return {
    app: ({ name }: { name?: string }) => shownApp(cloud, find(cloud, token, name, 'read')),
    apps: ({ organizationId, role }: { organizationId?: string; role?: string }) => {
      const nodes = visible()
        .filter(({ organization: { id } }) => !organizationId || id === organizationId)
        .filter((app) => !role || app.role === role);
      return {
        nodes: nodes.map((app) => shownApp(cloud, app)),
        pageInfo: { hasNextPage: false, endCursor: null },
        totalCount: nodes.length,
      };
    },
    canPerformBluegreenDeployment: ({ name }: { name: string }) => {
      find(cloud, token, name, 'read');
      return true;
    },
    machine: ({ machineId }: { machineId: string }) => {
      const app = visible().find(({ machines }) => machines.has(machineId));
      const machine = app?.machines.get(machineId);
      if (!app || !machine) throw notFound('Machine');
      return shownMachine(machine, () => shownApp(cloud, app));
    },
    organization: (wanted: { id?: string; slug?: string }) => shownOrganization(organization(wanted)),
    organizations: () => ({ nodes: readable({ token }, cloud).map(shownOrganization) }),
    latestImageDetails: ({ image }: { image: string }) => {
      throw new GraphQLError(`Unknown repository: ${image}`, { extensions: { code: 'NOT_FOUND' } });
    },
    nearestRegion: region('iad'),
    platform: { requestRegion: 'iad', regions: REGIONS.map(({ code }) => region(code)) },
    viewer: () => ({
      // A token that was made for a purpose is nobody's.
      __typename: token.kind === 'user' ? 'User' : 'Macaroon',
      id: token.id,
      email: token.name,
      name: token.name,
      username: token.name,
      enablePaidHobby: true,
    }),
    createApp: ({
      input,
    }: Input<{ name?: string; organizationId: string; network?: string; appRoleId?: string }>) =>
      said(() => {
        const { slug } = organization({ id: input.organizationId });
        return {
          app: shownApp(
            cloud,
            createApp({ token }, cloud, input.name ?? '', slug, input.network, input.appRoleId),
          ),
        };
      }),
    deleteApp: ({ appId }: { appId: string }) => {
      const app = find(cloud, token, appId, 'write');
      removeApp(cloud, app);
      return { organization: shownOrganization(app.organization) };
    },
    allocateIpAddress: ({
      input: { appId, type, region, serviceName },
    }: Input<{ appId: string; type: string; region?: string; serviceName?: string }>) =>
      said(() => {
        const app = find(cloud, token, appId, 'write');
        return {
          app: shownApp(cloud, app),
          ipAddress: shownAddress(assignAddress(cloud, app, type, region, serviceName)),
        };
      }),
    createLimitedAccessToken: ({ input }: Input<LimitedTokenInput>) =>
      said(() => {
        const issued = limitedToken(cloud, token, organization({ id: input.organizationId }), input);
        return {
          limitedAccessToken: {
            id: issued.id,
            name: issued.name,
            tokenHeader: `FlyV1 ${issued.macaroon}`,
            expiresAt: timestamp(issued.expires),
          },
        };
      }),
  };
}

/** GraphQL does not tell an app that is not there from one that is somebody else's. */
function find(cloud: Context, token: Token, name: string | undefined, action: 'read' | 'write'): App {
  const app = cloud.fly.findApp(name ?? '');
  if (!app || !allows(token, app, 'read')) throw notFound('App');
  if (allows(token, app, action)) return app;
  throw new GraphQLError('Not authorized to access this app', { extensions: { code: 'UNAUTHORIZED' } });
}

function notFound(what: string): GraphQLError {
  return new GraphQLError(`Could not find ${what}`, { extensions: { code: 'NOT_FOUND' } });
}

function said<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof FlyError)
      throw new GraphQLError(error.message, { extensions: { code: 'UNPROCESSABLE' } });
    throw error;
  }
}

function region(wanted: string): Record<string, unknown> | null {
  const found = REGIONS.find(({ code }) => code === wanted);
  return found ? { ...found, gatewayAvailable: true, requiresPaidPlan: false } : null;
}
