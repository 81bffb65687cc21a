import { ActionError } from '@gangway/action/error';
import { fields, list, text } from '@gangway/http';
import { type Fly, isFlyError } from './client.ts';

/** The secret of an app that names its database. */
export const DATABASE_SECRET = 'DATABASE_URL';

interface Credentials {
  readonly pgbouncer_uri?: string;
  readonly user?: string;
  readonly password?: string;
}

interface Cluster {
  readonly data: { readonly id?: string; readonly organization?: { readonly slug?: string } };
  readonly credentials?: Credentials;
}

const CLUSTER = fields<Cluster>(
  {
    data: fields<Cluster['data']>({
      id: text,
      organization: fields<{ readonly slug?: string }>({ slug: text }),
    }),
    credentials: fields<Credentials>({ pgbouncer_uri: text, user: text, password: text }),
  },
  'data',
);
const DATABASES = fields<{ data?: readonly { name?: string }[] }>({
  data: list(fields<{ name?: string }>({ name: text })),
});

/**
 * A database of its own for an app in a managed cluster, made if it is not there; its URL, which holds a password.
 *
 * @returns undefined when there is no managed cluster of this id
 * @throws ActionError `postgres` when the cluster is of another organization, or not ready
 * @see https://github.com/superfly/flyctl/blob/master/internal/command/mpg/v1/run_attach.go
 */
export async function managedDatabase(
  fly: Fly,
  cluster: string,
  { app, organization }: { readonly app: string; readonly organization: string },
): Promise<string | undefined> {
  const path = `/api/v1/postgres/${cluster}`;
  const found = await ask(() => fly.request({ method: 'GET', endpoint: 'api', path, answer: CLUSTER }));
  if (!found) return undefined;
  const { slug } = found.data.organization ?? {};
  if (slug && slug !== organization) {
    throw new ActionError(
      `The managed Postgres cluster ${cluster} belongs to the organization ${slug}, and the app ${app} to ${organization}.`,
      { code: 'postgres', hint: 'name a cluster of the same organization' },
    );
  }
  const { pgbouncer_uri: uri, user, password } = found.credentials ?? {};
  const url = uri ? URL.parse(uri) : null;
  if (!url || !user || !password) {
    throw new ActionError(`The managed Postgres cluster ${cluster} has no credentials yet.`, {
      code: 'postgres',
      hint: `wait until "fly mpg status ${cluster}" says that it is ready`,
    });
  }
  const name = databaseOf(app);
  const databases = `${path}/databases`;
  const { data = [] } = await fly.request({
    method: 'GET',
    endpoint: 'api',
    path: databases,
    answer: DATABASES,
  });
  if (!data.some((database) => database.name === name))
    await fly.request({ method: 'POST', endpoint: 'api', path: databases, body: { name }, answer: 'done' });
  url.username = encodeURIComponent(user);
  url.password = encodeURIComponent(password);
  url.pathname = `/${name}`;
  return url.href;
}

/** Notes that an app uses a managed cluster, as Fly's dashboard shows it. */
export async function noteAttachment(fly: Fly, cluster: string, app: string): Promise<void> {
  await fly.request({
    method: 'POST',
    endpoint: 'api',
    path: `/api/v1/postgres/${cluster}/attachments`,
    body: { app_name: app },
    answer: 'done',
  });
}

/** Takes the note away. The database stays, as Fly has no call that deletes one. */
export async function detachPostgres(fly: Fly, app: string, cluster: string): Promise<void> {
  const path = `/api/v1/postgres/${cluster}/attachments/${app}`;
  await ask(() => fly.request({ method: 'DELETE', endpoint: 'api', path, answer: 'done' }));
}

/** As "fly postgres attach" calls it. */
function databaseOf(app: string): string {
  return app.replaceAll('-', '_');
}

async function ask<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (isFlyError(error, 404)) return undefined;
    throw error;
  }
}
