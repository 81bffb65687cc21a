import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { find } from '@gangway/engine';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { caller, tokenOf } from '../../../test/client.ts';
import { type RunningCloud, startCloud } from '../../cloud.ts';
import { environment, writeEnvironmentFiles } from '../../environment.ts';
import { OWNER } from '../../seeded.ts';

// some tests need: gcloud

const run = promisify(execFile);
const installed = find('gcloud').length > 0;
const SECRETS = '/v1/projects/demo-project/secrets';

let cloud: RunningCloud;
let owner: ReturnType<typeof caller>;
beforeAll(async () => {
  cloud = await startCloud();
  cloud.serviceUsage.enabled.add('secretmanager.googleapis.com');
  owner = caller(cloud, tokenOf(cloud, OWNER));
});
afterAll(() => cloud.close());

it('keeps versions and gives out the one asked for', async () => {
  const automatic = { replication: { automatic: {} } };
  expect((await owner('POST', `${SECRETS}?secretId=key`, {})).status).toBe(400);
  expect((await owner('POST', `${SECRETS}?secretId=a.b`, automatic)).status).toBe(400);
  expect((await owner('POST', `${SECRETS}?secretId=key`, automatic)).body).toMatchObject({
    name: 'projects/123456789012/secrets/key',
    ...automatic,
  });
  expect((await owner('POST', `${SECRETS}?secretId=key`, automatic)).status).toBe(409);
  expect((await owner('GET', `${SECRETS}/key/versions/latest:access`)).status).toBe(404);
  for (const data of ['b25l', 'dHdv'])
    expect((await owner('POST', `${SECRETS}/key:addVersion`, { payload: { data } })).status).toBe(200);
  const path = '/v1/projects/123456789012/secrets/key/versions';
  expect((await owner('GET', `${path}/latest:access`)).body).toEqual({
    name: 'projects/123456789012/secrets/key/versions/2',
    payload: { data: 'dHdv', dataCrc32c: expect.stringMatching(/^\d+$/) },
  });
  expect((await owner('GET', `${path}/1:access`)).body).toMatchObject({ payload: { data: 'b25l' } });
  expect((await owner('GET', `${SECRETS}/key`)).body).toMatchObject(automatic);
});

it('denies by name, also what is not there', async () => {
  const stranger = caller(cloud, tokenOf(cloud, 'stranger@example.com'));
  expect(await stranger('GET', `${SECRETS}/nothing/versions/latest:access`)).toMatchObject({
    status: 403,
    body: {
      error: {
        message:
          "Permission 'secretmanager.versions.access' denied for resource 'projects/demo-project/secrets/nothing/versions/latest' (or it may not exist).",
      },
    },
  });
  cloud.iam.grant(
    'projects/demo-project/secrets/key',
    'roles/secretmanager.secretAccessor',
    'user:reader@example.com',
  );
  const reader = caller(cloud, tokenOf(cloud, 'reader@example.com'));
  expect((await reader('GET', `${SECRETS}/key/versions/latest:access`)).status).toBe(200);
  expect((await reader('POST', `${SECRETS}/key:addVersion`, { payload: { data: 'eA==' } })).status).toBe(403);
});

it('shows conditions a secret by the number of its project', async () => {
  const expression = "resource.name.startsWith('projects/123456789012/secrets/app-')";
  const binding = { role: 'roles/secretmanager.secretAccessor', members: ['user:app@example.com'] };
  const { bindings } = cloud.iam.get('projects/demo-project');
  cloud.iam.set('projects/demo-project', {
    bindings: [...bindings, { ...binding, condition: { expression } }],
  });
  const app = caller(cloud, tokenOf(cloud, 'app@example.com'));
  expect((await app('GET', `${SECRETS}/app-key/versions/latest:access`)).status).toBe(404);
  expect((await app('GET', `${SECRETS}/other/versions/latest:access`)).status).toBe(403);
});

it.runIf(installed)(
  'serves gcloud',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gangway-test-'));
    const env = environment(cloud, await writeEnvironmentFiles(cloud, folder));
    const gcloud = async (...args: string[]) =>
      (await run('gcloud', args, { env: { PATH: process.env.PATH, HOME: folder, ...env } })).stdout;
    const data = join(folder, 'data');
    await writeFile(data, 'open sesame');
    await gcloud('secrets', 'create', 'cave', '--replication-policy=automatic');
    await gcloud('secrets', 'versions', 'add', 'cave', `--data-file=${data}`);
    expect(await gcloud('secrets', 'versions', 'access', 'latest', '--secret=cave')).toBe('open sesame');
    await rm(folder, { recursive: true });
  },
  180_000,
);
