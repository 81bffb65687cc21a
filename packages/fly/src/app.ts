import { fields, list, number, text } from '@gangway/http';
import { type Fly, isFlyError } from './client.ts';
import type { TokenSubject } from './tokens/token.ts';

interface FlyApp {
  readonly id?: string;
  readonly name?: string;
  readonly internal_numeric_id?: number;
  readonly status?: string;
  readonly organization?: { readonly slug?: string; readonly internal_numeric_id?: number };
}

/** A secret as Fly shows it: its value never comes back. */
export interface AppSecret {
  readonly name: string;
  readonly digest: string;
}

export interface TokenInfo {
  readonly organization?: string;
  readonly org_slug?: string;
  readonly apps?: readonly string[];
}

type Organization = NonNullable<FlyApp['organization']>;

const APP = fields<FlyApp>(
  {
    id: text,
    name: text,
    internal_numeric_id: number,
    status: text,
    organization: fields<Organization>({ slug: text, internal_numeric_id: number }),
  },
  'name',
);
const SECRETS = fields<{ secrets?: readonly { name?: string; digest?: string }[] }>({
  secrets: list(fields<{ name?: string; digest?: string }>({ name: text, digest: text })),
});
/** The version is what machines are made with: without it they would not see the secrets. */
const UPDATED = fields<{ version: number }>({ version: number }, 'version');
const MINTED = fields<{ token?: string }>({ token: text });
const TOKENS = fields<{ tokens?: readonly TokenInfo[] }>({
  tokens: list(fields<TokenInfo>({ organization: text, org_slug: text, apps: list(text) })),
});
const ADDRESSES = fields<{ ips?: readonly { ip?: string }[] }>({
  ips: list(fields<{ ip?: string }>({ ip: text })),
});

/** An app, or undefined if there is none by that name. */
export async function findApp(fly: Fly, name: string): Promise<TokenSubject | undefined> {
  try {
    const app = await fly.request({ method: 'GET', path: `/v1/apps/${name}`, answer: APP });
    return {
      name,
      id: app.internal_numeric_id,
      organization: { slug: app.organization?.slug ?? '', id: app.organization?.internal_numeric_id },
    };
  } catch (error) {
    if (isFlyError(error, 404)) return undefined;
    throw error;
  }
}

/** Creates an app; one of that name that is there already is what was wanted. */
export async function createApp(fly: Fly, name: string, organization: string): Promise<void> {
  await fly.request({
    method: 'POST',
    path: '/v1/apps?wait=true',
    body: { name, org_slug: organization, network: '', app_role_id: '' },
    answer: 'done',
  });
}

/** Destroys an app with its machines, volumes and addresses; returns whether there was one. */
export async function destroyApp(fly: Fly, name: string): Promise<boolean> {
  try {
    await fly.request({ method: 'DELETE', path: `/v1/apps/${name}?force=true`, answer: 'done' });
    return true;
  } catch (error) {
    if (isFlyError(error, 404)) return false;
    throw error;
  }
}

/** The secrets of an app that are set, staged ones included, by name. */
export async function listSecrets(fly: Fly, app: string): Promise<AppSecret[]> {
  const { secrets = [] } = await fly.request({
    method: 'GET',
    path: `/v1/apps/${app}/secrets`,
    answer: SECRETS,
  });
  return secrets
    .map(({ name = '', digest = '' }) => ({ name, digest }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

/**
 * Sets secrets, and takes those away whose value is null; no machine is restarted.
 *
 * @returns the version of the app's secrets that has them all, which a machine must be made with to see them
 * @see https://docs.machines.dev/#tag/secrets
 */
export async function updateSecrets(
  fly: Fly,
  app: string,
  values: Readonly<Record<string, string | null>>,
): Promise<number> {
  // The same once more changes nothing, so that it may be sent again.
  const { version } = await fly.request({
    method: 'POST',
    path: `/v1/apps/${app}/secrets`,
    body: { values },
    repeatable: true,
    answer: UPDATED,
  });
  return version;
}

/**
 * A deploy token of one app, good for a while, or undefined where the given token may mint none.
 * @param expiry e.g. `1h0m0s`
 */
export async function mintDeployToken(fly: Fly, app: string, expiry: string): Promise<string | undefined> {
  try {
    const { token } = await fly.request({
      method: 'POST',
      path: `/v1/apps/${app}/deploy_token`,
      body: { expiry },
      answer: MINTED,
    });
    return token || undefined;
  } catch (error) {
    if (isFlyError(error, 400, 401, 403, 404, 405, 422, 500, 501)) return undefined;
    throw error;
  }
}

/** What Fly knows of the token that asks; an answer of nothing where it won't say. */
export async function currentTokens(fly: Fly): Promise<readonly TokenInfo[]> {
  try {
    const { tokens } = await fly.request({
      method: 'GET',
      path: '/v1/tokens/current',
      answer: TOKENS,
    });
    return tokens ?? [];
  } catch (error) {
    if (isFlyError(error, 400, 401, 403, 404, 405, 500)) return [];
    throw error;
  }
}

/** Whether an app has an address that the Internet reaches: those of Flycast begin with fdaa. */
export async function hasPublicAddress(fly: Fly, app: string): Promise<boolean> {
  const { ips = [] } = await fly.request({
    method: 'GET',
    path: `/v1/apps/${app}/ip_assignments`,
    answer: ADDRESSES,
  });
  return ips.some(({ ip }) => ip !== undefined && !ip.startsWith('fdaa:'));
}
