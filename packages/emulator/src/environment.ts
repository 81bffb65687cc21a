import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cloud } from './cloud.ts';
import { GCLOUD_APIS } from './command/gcloud-apis.ts';
import { ownerToken } from './fly/sign-in/owner.ts';
import { authorizedUser } from './google/oauth/authorized-user.ts';
import { user } from './kernel/principal.ts';
import { OWNER } from './seeded.ts';

/** Files that the environment names. */
export interface EnvironmentFiles {
  /** Holds an access token of the project's owner. */
  readonly accessToken: string;
  /** A configuration folder of gcloud's own, so that the person's is neither read nor written. */
  readonly gcloudConfig: string;
  /** Holds a token of Fly.io's that is good for both organizations, as FLY_API_TOKEN takes it. */
  readonly flyToken: string;
  /** A configuration folder of flyctl's own, signed in with that token. */
  readonly flyConfig: string;
  /** The certificate that clients are to trust, where the cloud answers by real names. */
  readonly authority?: string;
  /** Application Default Credentials of the owner, for who wants them; no variable names the file. */
  readonly authorizedUser: string;
}

const OWNER_TOKEN_LIFETIME = 12 * 3600;

/** The variables that point gcloud, docker, flyctl and the actions at the cloud. */
export function environment(cloud: Cloud, files: EnvironmentFiles): Record<string, string> {
  const { hostname, port } = new URL(cloud.origin);
  const overrides = {
    // gcloud puts a region before the host of Cloud Run, which only a proxy finds; a number would make that no host.
    CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN: `http://localhost:${port}/run/`,
    CLOUDSDK_PROXY_TYPE: 'http',
    CLOUDSDK_PROXY_ADDRESS: hostname,
    CLOUDSDK_PROXY_PORT: port,
  };
  return {
    ...(!files.authority && absentApis(cloud)),
    ...cloud.env(),
    ...(files.authority ? realHosts(cloud, files.authority) : overrides),
    CLOUDSDK_AUTH_ACCESS_TOKEN_FILE: files.accessToken,
    CLOUDSDK_CONFIG: files.gcloudConfig,
    CLOUDSDK_CORE_PROJECT: cloud.project.id,
    CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
    CLOUDSDK_CORE_DISABLE_USAGE_REPORTING: '1',
    CLOUDSDK_CORE_DISABLE_FILE_LOGGING: '1',
    GOOGLE_CLOUD_PROJECT: cloud.project.id,
    FLY_CONFIG_DIR: files.flyConfig,
    GANGWAY_ORIGIN: cloud.origin,
  };
}

/** Overrides of the APIs that there are not, for which the local cloud says so. */
function absentApis({ origin }: Cloud): Record<string, string> {
  return Object.fromEntries(
    GCLOUD_APIS.map((name) => [
      `CLOUDSDK_API_ENDPOINT_OVERRIDES_${name.toUpperCase()}`,
      `${origin}/${name}/`,
    ]),
  );
}

/**
 * What has clients ask the cloud, as their proxy, for every name, and trust it.
 *
 * @param authority path of the certificate
 */
function realHosts({ origin }: Cloud, authority: string): Record<string, string> {
  // curl and others look at the names in lower case, and at those in upper case; loopback is asked as it is.
  const proxies = { HTTPS_PROXY: origin, HTTP_PROXY: origin, NO_PROXY: '127.0.0.1,localhost,::1' };
  const lower = Object.entries(proxies).map(([name, value]) => [name.toLowerCase(), value]);
  const trust = [
    // OpenSSL, and with it Python, Ruby and PHP; Go; Rust.
    'SSL_CERT_FILE',
    'CURL_CA_BUNDLE',
    'REQUESTS_CA_BUNDLE',
    'NODE_EXTRA_CA_CERTS',
    'DENO_CERT',
    'CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE',
    'GRPC_DEFAULT_SSL_ROOTS_FILE_PATH',
  ];
  return {
    ...proxies,
    ...Object.fromEntries(lower),
    ...Object.fromEntries(trust.map((name) => [name, authority])),
    // Node's own clients ask a proxy from 22.21 and 24 on if they are told to.
    NODE_USE_ENV_PROXY: '1',
  };
}

/**
 * Writes the files of the environment into an existing folder, readable by its owner only.
 *
 * @param folder the caller's to remove
 */
export async function writeEnvironmentFiles(cloud: Cloud, folder: string): Promise<EnvironmentFiles> {
  const files = {
    accessToken: join(folder, 'access-token'),
    gcloudConfig: join(folder, 'gcloud'),
    flyToken: join(folder, 'fly-api-token'),
    flyConfig: join(folder, 'fly'),
    authorizedUser: join(folder, 'application_default_credentials.json'),
    ...(cloud.authority && { authority: join(folder, 'authority.pem') }),
  };
  const { token } = cloud.tokens.issue(user(OWNER), OWNER_TOKEN_LIFETIME);
  await mkdir(files.gcloudConfig, { mode: 0o700 });
  await mkdir(files.flyConfig, { mode: 0o700 });
  const { word } = ownerToken(cloud);
  await writeFile(files.flyToken, word, { mode: 0o600 });
  // flyctl asks who signed in without a date, or long ago, to do so again.
  const session = `access_token: ${word}\nlast_login: ${new Date().toISOString()}\n`;
  await writeFile(join(files.flyConfig, 'config.yml'), session, { mode: 0o600 });
  await writeFile(files.accessToken, token, { mode: 0o600 });
  await writeFile(files.authorizedUser, JSON.stringify(authorizedUser(cloud), null, 2), { mode: 0o600 });
  if (files.authority && cloud.authority) await writeFile(files.authority, cloud.authority, { mode: 0o600 });
  return files;
}
