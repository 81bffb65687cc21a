import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { find } from '@gangway/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningCloud, startCloud } from './cloud.ts';
import { environment, writeEnvironmentFiles } from './environment.ts';
import { seededAccounts } from './seeded.ts';

// needs: gcloud

const run = promisify(execFile);
const installed = find('gcloud').length > 0;

let cloud: RunningCloud;
let folder: string;
let env: Record<string, string>;
beforeAll(async () => {
  cloud = await startCloud();
  folder = await mkdtemp(join(tmpdir(), 'gangway-test-'));
  env = environment(cloud, await writeEnvironmentFiles(cloud, folder));
});
afterAll(async () => {
  await cloud.close();
  await rm(folder, { recursive: true });
});

async function gcloud(...args: string[]): Promise<string> {
  const { stdout } = await run('gcloud', args, { env: { PATH: process.env.PATH, HOME: folder, ...env } });
  return stdout;
}

async function refusal(...args: string[]): Promise<string> {
  return gcloud(...args).then(
    (stdout) => `succeeded: ${stdout}`,
    ({ stderr }) => stderr,
  );
}

describe.skipIf(!installed)('gcloud, where it is installed', { timeout: 180_000 }, () => {
  it('enables, lists and disables services', async () => {
    await gcloud('services', 'enable', 'pubsub.googleapis.com', 'redis.googleapis.com');
    const listed = await gcloud('services', 'list', '--enabled', '--format=value(config.name,config.title)');
    expect(listed.trim().split('\n')).toHaveLength(cloud.serviceUsage.enabled.size);
    expect(listed).toContain('pubsub.googleapis.com\tCloud Pub/Sub API');
    await gcloud('services', 'disable', 'pubsub.googleapis.com');
    expect(cloud.serviceUsage.enabled.has('pubsub.googleapis.com')).toBe(false);
  });

  it('asks each service for its own operations and places', async () => {
    await gcloud('services', 'enable', 'secretmanager.googleapis.com');
    await gcloud(
      ...['artifacts', 'repositories', 'create', 'told-apart'],
      ...['--repository-format=docker', '--location=us-central1'],
    );
    await gcloud('api-gateway', 'apis', 'create', 'told-apart');
    const targets = await gcloud(
      ...['api-gateway', 'operations', 'list', '--location=-', '--format=value(metadata.target)'],
    );
    expect(targets.trim()).toBe('projects/demo-project/locations/global/apis/told-apart');
    const places = async (...args: string[]) =>
      (await gcloud(...args, 'list', '--format=value(locationId)')).trim().split('\n');
    expect(await places('run', 'regions')).toEqual(expect.arrayContaining(['europe-west9', 'us-central1']));
    expect(await places('secrets', 'locations')).toEqual(
      expect.arrayContaining(['europe-west9', 'us-central1']),
    );
    expect(await gcloud('artifacts', 'locations', 'list')).toMatch(/^europe$/m);
  });

  it('shows why a service cannot be enabled', async () => {
    expect(await refusal('services', 'enable', 'x.apigateway.demo-project.cloud.goog')).toContain(
      'PERMISSION_DENIED: Not found or permission denied for service(s): x.apigateway.demo-project.cloud.goog.',
    );
  });

  it('binds roles on the project and on a service account', async () => {
    const binding = ['--member=user:a@example.com', '--role=roles/viewer', '--condition=None'];
    await gcloud('projects', 'add-iam-policy-binding', 'demo-project', ...binding);
    expect(JSON.stringify(cloud.iam.get('projects/demo-project'))).toContain('user:a@example.com');
    const { deployer } = seededAccounts(cloud.project);
    await gcloud('iam', 'service-accounts', 'add-iam-policy-binding', deployer, ...binding);
    expect(JSON.stringify(cloud.iam.get(`projects/demo-project/serviceAccounts/${deployer}`))).toContain(
      'user:a@example.com',
    );
    expect(await gcloud('projects', 'describe', 'demo-project', '--format=value(projectNumber)')).toBe(
      '123456789012\n',
    );
  });

  it('creates accounts and keys, and signs in with a key', async () => {
    await gcloud('iam', 'service-accounts', 'create', 'runner', '--display-name=Runs');
    expect(await gcloud('iam', 'service-accounts', 'list', '--format=value(email)')).toContain(
      'runner@demo-project.iam.gserviceaccount.com',
    );
    const { deployer } = seededAccounts(cloud.project);
    const key = join(folder, 'key.json');
    await gcloud('iam', 'service-accounts', 'keys', 'create', key, `--iam-account=${deployer}`);
    const file = JSON.parse(await readFile(key, 'utf8'));
    await writeFile(key, JSON.stringify({ ...file, token_uri: env.CLOUDSDK_AUTH_TOKEN_HOST }));
    await gcloud('auth', 'activate-service-account', '--key-file', key);
    const { CLOUDSDK_AUTH_ACCESS_TOKEN_FILE: _, ...signedIn } = env;
    const { stdout } = await run('gcloud', ['services', 'list', '--enabled', '--format=value(config.name)'], {
      env: { PATH: process.env.PATH, HOME: folder, ...signedIn },
    });
    expect(stdout).toContain('run.googleapis.com');
  });

  it('signs in as a job, through the token exchange', async () => {
    const provider = env.GANGWAY_WORKLOAD_IDENTITY_PROVIDER;
    const credentials = join(folder, 'external-account.json');
    await writeFile(
      credentials,
      JSON.stringify({
        type: 'external_account',
        audience: `//iam.googleapis.com/${provider}`,
        subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
        token_url: `${cloud.origin}/v1/token`,
        service_account_impersonation_url: `${cloud.origin}/v1/projects/-/serviceAccounts/${env.GANGWAY_SERVICE_ACCOUNT}:generateAccessToken`,
        credential_source: {
          url: `${env.ACTIONS_ID_TOKEN_REQUEST_URL}&audience=https://iam.googleapis.com/${provider}`,
          headers: { Authorization: `Bearer ${env.ACTIONS_ID_TOKEN_REQUEST_TOKEN}` },
          format: { type: 'json', subject_token_field_name: 'value' },
        },
      }),
    );
    await gcloud('auth', 'login', `--cred-file=${credentials}`);
    const { CLOUDSDK_AUTH_ACCESS_TOKEN_FILE: _, ...signedIn } = env;
    const { stdout } = await run('gcloud', ['auth', 'print-access-token'], {
      env: { PATH: process.env.PATH, HOME: folder, ...signedIn },
    });
    expect(cloud.tokens.verify(stdout.trim())?.email).toBe(env.GANGWAY_SERVICE_ACCOUNT);
  });

  it('impersonates a service account', async () => {
    const { deployer } = seededAccounts(cloud.project);
    cloud.iam.grant(
      `projects/demo-project/serviceAccounts/${deployer}`,
      'roles/iam.serviceAccountTokenCreator',
      'user:owner@example.com',
    );
    const token = await gcloud('auth', 'print-access-token', `--impersonate-service-account=${deployer}`);
    expect(cloud.tokens.verify(token.trim())?.email).toBe(deployer);
  });
});
