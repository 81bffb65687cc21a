import { timestamp } from '../../kernel/clock.ts';
import type { Reply } from '../../kernel/http/call.ts';
import type { Route } from '../../kernel/http/route.ts';
import type { Context } from '../context.ts';
import { FlyError } from '../errors.ts';
import { body, type FlyCall, rest } from '../route.ts';
import type { Cluster } from './cluster.ts';

const USER = 'fly-user';

/**
 * Managed Postgres, as flyctl's `mpg attach` and `mpg detach` ask for it. No cluster is of the second version.
 *
 * @see https://github.com/superfly/flyctl/blob/master/internal/uiex/mpg/v1/managed_postgres.go
 */
export const clusterRoutes: readonly Route<Context>[] = [
  rest('GET', '/api/v1/postgresv2/{cluster}', () => {
    throw new FlyError(404, 'Not Found');
  }),
  rest('GET', '/api/v1/postgres/{cluster}', (call, cloud) => ({ body: shown(cluster(call, cloud)) })),
  rest('GET', '/api/v1/postgres/{cluster}/databases', (call, cloud) => ({
    body: { data: cluster(call, cloud).databases.map((name) => ({ name })) },
  })),
  rest('POST', '/api/v1/postgres/{cluster}/databases', createDatabase),
  rest('POST', '/api/v1/postgres/{cluster}/attachments', attach),
  rest('DELETE', '/api/v1/postgres/{cluster}/attachments/{app}', detach),
];

/** A token of one app reaches no cluster. */
function cluster({ token, params }: FlyCall, cloud: Context): Cluster {
  const found = cloud.fly.clusters.get(params.cluster ?? '');
  const mayRead = found && !token.app && (!token.organization || token.organization === found.organization);
  if (!found || !mayRead) throw new FlyError(404, 'Not Found');
  return found;
}

function shown({ id, name, organization, password, attached }: Cluster): Record<string, unknown> {
  const { slug, name: called, id: organizationId } = organization;
  return {
    data: {
      id,
      mpgd_cluster_id: '',
      version: 1,
      name,
      region: 'iad',
      status: 'ready',
      plan: 'basic',
      disk: 10,
      replicas: 1,
      organization: { id: organizationId, slug, name: called },
      ip_assignments: { direct: `direct.${id}.flympg.net` },
      attached_apps: [...attached.keys()].map((app) => ({ name: app, id: 0 })),
    },
    credentials: {
      status: 'ready',
      user: USER,
      password,
      dbname: 'fly-db',
      pgbouncer_uri: `postgresql://${USER}:${password}@pgbouncer.${id}.flympg.net/fly-db`,
    },
  };
}

function createDatabase(call: FlyCall, cloud: Context): Reply {
  const { databases } = cluster(call, cloud);
  const { name = '' } = body<{ name?: string }>(call);
  if (!/^[a-z_][a-z0-9_-]*$/.test(name)) throw new FlyError(422, `name "${name}" is invalid`);
  if (databases.includes(name)) throw new FlyError(422, `database "${name}" already exists`);
  databases.push(name);
  return { status: 201, body: { data: { name } } };
}

function attach(call: FlyCall, cloud: Context): Reply {
  const { attached } = cluster(call, cloud);
  const app = call.app('write', body<{ app_name?: string }>(call).app_name);
  attached.set(app.name, cloud.clock.now());
  const id = attached.size;
  return {
    status: 201,
    body: {
      data: { id, app_id: app.numericId, managed_service_id: 1, attached_at: timestamp(cloud.clock.now()) },
    },
  };
}

function detach(call: FlyCall, cloud: Context): Reply {
  if (!cluster(call, cloud).attached.delete(call.params.app ?? '')) throw new FlyError(404, 'Not Found');
  return { body: { data: { message: 'detached' } } };
}
