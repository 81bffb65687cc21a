import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cloud } from './cloud.ts';
import { flyProvider, ownerToken } from './fly/seed.ts';
import { authorizedUser, OWNER } from './identity/authorized-user.ts';
import { githubRequestUrl } from './identity/github.ts';
import { githubRequestToken } from './identity/github-request-token.ts';
import { user } from './identity/principal.ts';
import { REPOSITORY, seededAccounts, seededProvider } from './seed.ts';

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
  /** Application Default Credentials of the owner, for who wants them; no variable names the file. */
  readonly authorizedUser: string;
}

const SERVICES = [
  'APIGATEWAY',
  'SERVICEUSAGE',
  'SERVICEMANAGEMENT',
  'APIKEYS',
  'ARTIFACTREGISTRY',
  'RUN',
  'IAM',
  'IAMCREDENTIALS',
  'STS',
  'CLOUDRESOURCEMANAGER',
  'SECRETMANAGER',
  'LOGGING',
];
const OWNER_TOKEN_LIFETIME = 12 * 3600;

/** The variables that point gcloud, docker, flyctl and the actions at the cloud. */
export function environment(cloud: Cloud, files: EnvironmentFiles): Record<string, string> {
  const accounts = seededAccounts(cloud);
  return {
    ...Object.fromEntries(
      SERVICES.map((service) => [`CLOUDSDK_API_ENDPOINT_OVERRIDES_${service}`, `${cloud.origin}/`]),
    ),
    CLOUDSDK_AUTH_TOKEN_HOST: `${cloud.origin}/token`,
    CLOUDSDK_AUTH_ACCESS_TOKEN_FILE: files.accessToken,
    CLOUDSDK_CONFIG: files.gcloudConfig,
    CLOUDSDK_CORE_PROJECT: cloud.project.id,
    CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
    CLOUDSDK_CORE_DISABLE_USAGE_REPORTING: '1',
    CLOUDSDK_CORE_DISABLE_FILE_LOGGING: '1',
    GOOGLE_CLOUD_PROJECT: cloud.project.id,
    ACTIONS_ID_TOKEN_REQUEST_URL: githubRequestUrl(cloud),
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: githubRequestToken(cloud, { repository: REPOSITORY }),
    // One server answers for all of Fly.io.
    FLY_API_BASE_URL: cloud.origin,
    FLY_UIEX_BASE_URL: cloud.origin,
    FLY_FLAPS_BASE_URL: cloud.origin,
    FLY_REGISTRY_HOST: new URL(cloud.origin).host,
    FLY_CONFIG_DIR: files.flyConfig,
    FLY_SEND_METRICS: '0',
    GANGWAY_ORIGIN: cloud.origin,
    GANGWAY_REGISTRY_HOST: new URL(cloud.origin).host,
    GANGWAY_WORKLOAD_IDENTITY_PROVIDER: seededProvider(cloud),
    GANGWAY_SERVICE_ACCOUNT: accounts.deployer,
    GANGWAY_FLY_WORKLOAD_IDENTITY_PROVIDER: flyProvider(cloud, { slug: 'personal' }),
    GANGWAY_GATEWAY_SERVICE_ACCOUNT: accounts.gateway,
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
  return files;
}
