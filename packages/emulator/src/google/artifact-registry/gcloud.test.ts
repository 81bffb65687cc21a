import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { find } from '@gangway/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningCloud, startCloud } from '../../cloud.ts';
import { environment, writeEnvironmentFiles } from '../../environment.ts';

// needs: gcloud

const run = promisify(execFile);
const installed = find('gcloud').length > 0;
const NAME = 'projects/demo-project/locations/us-central1/repositories/services';

describe.skipIf(!installed)('gcloud artifacts, where gcloud is installed', { timeout: 180_000 }, () => {
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
  const gcloud = async (verb: string, ...args: string[]) => {
    const full = ['artifacts', 'repositories', verb, ...args];
    const { stdout } = await run('gcloud', full, { env: { PATH: process.env.PATH, HOME: folder, ...env } });
    return stdout;
  };
  const services = (verb: string, ...args: string[]) =>
    gcloud(verb, 'services', '--location=us-central1', ...args);
  const repository = () => cloud.artifactRegistry.find(NAME)?.resource;

  it('creates, describes and updates a repository', async () => {
    await services('create', '--repository-format=docker', '--labels=team=forecast', '--immutable-tags');
    const described = JSON.parse(await services('describe', '--format=json'));
    expect(described).toMatchObject({
      name: NAME,
      format: 'DOCKER',
      labels: { team: 'forecast' },
      dockerConfig: { immutableTags: true },
      registryUri: 'us-central1-docker.pkg.dev/demo-project/services',
    });
    await services('update', '--description=Of the service', '--update-labels=tier=web');
    expect(repository()).toMatchObject({
      description: 'Of the service',
      labels: { team: 'forecast', tier: 'web' },
      dockerConfig: { immutableTags: true },
    });
    await services('update', '--no-immutable-tags', '--remove-labels=tier');
    expect(repository()).toMatchObject({
      labels: { team: 'forecast' },
      dockerConfig: { immutableTags: false },
    });
    expect(repository()?.description).toBe('Of the service');
  });

  it('sets, lists and deletes cleanup policies', async () => {
    const file = join(folder, 'policy.json');
    await writeFile(
      file,
      JSON.stringify([
        { name: 'old', action: { type: 'Delete' }, condition: { tagState: 'any', olderThan: '30d' } },
        { name: 'newest', action: { type: 'Keep' }, mostRecentVersions: { keepCount: 5 } },
      ]),
    );
    await services('set-cleanup-policies', `--policy=${file}`, '--dry-run');
    expect(repository()).toMatchObject({
      cleanupPolicies: {
        old: { id: 'old', action: 'DELETE', condition: { tagState: 'ANY', olderThan: '2592000s' } },
        newest: { id: 'newest', action: 'KEEP', mostRecentVersions: { keepCount: 5 } },
      },
      cleanupPolicyDryRun: true,
      labels: { team: 'forecast' },
    });
    expect(JSON.parse(await services('list-cleanup-policies', '--format=json'))).toHaveLength(2);
    await services('set-cleanup-policies', `--policy=${file}`, '--no-dry-run');
    expect(repository()?.cleanupPolicyDryRun).toBe(false);
    await services('delete-cleanup-policies', '--policynames=old');
    expect(Object.keys(repository()?.cleanupPolicies ?? {})).toEqual(['newest']);
  });

  it('grants a role on a repository, and takes it back', async () => {
    const binding = [
      '--member=serviceAccount:gateway@demo-project.iam.gserviceaccount.com',
      '--role=roles/artifactregistry.reader',
    ];
    await services('add-iam-policy-binding', ...binding);
    expect(cloud.iam.get(NAME).bindings).toMatchObject([{ role: 'roles/artifactregistry.reader' }]);
    expect(await services('get-iam-policy', '--format=value(bindings.members)')).toContain('gateway@');
    await services('remove-iam-policy-binding', ...binding);
    expect(cloud.iam.get(NAME).bindings).toEqual([]);
  });

  it('makes the repository of a host of Container Registry where it has to be', async () => {
    await gcloud('create', 'eu.gcr.io', '--repository-format=docker', '--location=europe');
    expect(await gcloud('describe', 'eu.gcr.io', '--location=europe', '--format=value(registryUri)')).toBe(
      'europe-docker.pkg.dev/demo-project/eu.gcr.io\n',
    );
  });
});
