import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cluster } from '@gangway/cluster';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { findBuilders } from '../helpers/builders.ts';
import { type Job, startJob } from '../helpers/job.ts';
import { registryOf } from '../helpers/registry.ts';

// needs: base-image, buildx, kubernetes

const IMAGE = 'us-central1-docker.pkg.dev/demo-project/images/app';
const ROLES = '/apis/rbac.authorization.k8s.io/v1/namespaces/default';

const builders = await findBuilders(['kubernetes']);
const [{ env, missing, title } = { env: {}, missing: 'none', title: '' }] = builders.all;
beforeAll(() => builders.start());
afterAll(() => builders.stop());

describe.skipIf(missing)(`a builder on a cluster: ${title}`, () => {
  let cluster: Cluster;
  let job: Job;
  let workspace: string;
  let elsewhere: string;
  beforeAll(async () => {
    const started = builders.starter.cluster();
    if (!started) throw new Error('No cluster was started.');
    cluster = started;
    job = await startJob();
    workspace = await mkdtemp(join(tmpdir(), 'gangway-workspace-'));
    elsewhere = await mkdtemp(join(tmpdir(), 'gangway-kubeconfigs-'));
    await writeFile(join(workspace, 'hello.txt'), 'hello\n');
    await writeFile(join(workspace, 'Dockerfile'), 'FROM scratch\nCOPY hello.txt /\n');
  });
  afterAll(async () => {
    for (const path of [workspace, elsewhere]) await rm(path, { recursive: true, force: true });
    await job[Symbol.asyncDispose]();
  });
  const build = (inputs: Record<string, string> = {}, fails = false) =>
    job.step(
      'build-and-push',
      { image: IMAGE, tags: 'one', reuse: 'false', cache: 'off', ...inputs },
      { workspace, env, fails, secrets: cluster.tokens },
    );
  /** Makes a builder, and says what the step says that uses it. */
  const refusal = async (name: string, kubeconfig: string, options = '') => {
    await builders.starter.createOnCluster(name, { ...env, KUBECONFIG: kubeconfig }, options);
    const { annotations } = await build({ builder: name }, true);
    expect(annotations).toHaveLength(1);
    return annotations[0]?.message ?? '';
  };
  const allow = (...rules: [apiGroup: string, resource: string, ...verbs: string[]][]) =>
    cluster.api(
      'PUT',
      `${ROLES}/roles/builder`,
      role(
        rules.map(([group, resource, ...verbs]) => ({ apiGroups: [group], resources: [resource], verbs })),
      ),
    );

  it('makes its pod, builds in it for several platforms, attested, and pushes', async () => {
    const { outputs, log } = await build({ platforms: 'linux/amd64, linux/arm64', provenance: 'max' });
    expect(log).toContain('driver kubernetes');
    const index = await registryOf(job.cloud, IMAGE).manifest(outputs.digest ?? '');
    expect(index.manifests.map(({ platform }) => platform?.architecture)).toEqual([
      'amd64',
      'arm64',
      'unknown',
      'unknown',
    ]);
    expect(await pods()).toEqual([expect.stringMatching(/^kubernetes0-/)]);
  });

  it('keeps a cache in the registry that another pod takes', async () => {
    await writeFile(
      join(workspace, 'Dockerfile.two'),
      'FROM scratch AS first\nCOPY hello.txt /\nFROM first\nCOPY hello.txt /2\n',
    );
    const inputs = { file: join(workspace, 'Dockerfile.two'), cache: 'auto' };
    expect((await build(inputs)).log).toContain('There is no cache in');
    await cluster.api('DELETE', '/apis/apps/v1/namespaces/default/deployments/kubernetes0');
    const { log } = await build(inputs);
    expect(log).toMatch(/Using the cache .*app\/cache:main/);
    expect(log).toMatch(/Instructions from the cache: .*first 1 of 1/);
  });

  it('builds with several pods', async () => {
    await builders.starter.createOnCluster('many', { ...env, KUBECONFIG: cluster.kubeconfig }, ',replicas=2');
    const first = await build({ builder: 'many', tags: 'many' });
    const again = await build({ builder: 'many', tags: 'many' });
    expect(again.outputs.digest).toBe(first.outputs.digest);
    expect((await pods()).filter((name) => name.startsWith('many0-'))).toHaveLength(2);
  });

  it('says which rights are missing, until none is', async () => {
    const none = await refusal('guest', cluster.guestKubeconfig);
    expect(none).toContain(
      '(driver kubernetes) does not answer: error for bootstrap "guest0": deployments.apps',
    );
    expect(none).toMatch(/cannot get resource "deployments".*\n.*list pods and create pods\/exec/);
    await cluster.api('POST', `${ROLES}/rolebindings`, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'builder' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'builder' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'guest' }],
    });
    const message = async () => (await build({ builder: 'guest' }, true)).annotations[0]?.message;
    const deployments = ['apps', 'deployments', 'get', 'create', 'delete'] as const;
    await allow([...deployments]);
    expect(await message()).toMatch(/cannot list resource "pods".*\n.*Role/);
    await allow([...deployments], ['', 'pods', 'list']);
    expect(await message()).toMatch(/cannot create resource "pods\/exec".*\n.*Role/);
    const { rules } = await documentedRole();
    await cluster.api('PUT', `${ROLES}/roles/builder`, role(rules));
    await build({ builder: 'guest' });
  });

  it('says what keeps a pod from getting ready', async () => {
    const message = await refusal('absent', cluster.kubeconfig, ',timeout=2s,image=localhost:9/nothing:1');
    expect(message).toMatch(/expected 1 replicas to be ready, got 0\nTo fix it: .*kubectl describe pod/);
  });

  it('says that a token is not taken, and that nobody answers', async () => {
    const config = await kubeconfigWith(/"token":"[^"]*"/, '"token":"none"');
    expect(await refusal('expired', config)).toMatch(/: Unauthorized\nTo fix it: sign in to the cluster/);
    // Nothing ever listens on port 9.
    const nobody = await kubeconfigWith(/"server":"[^"]*"/, '"server":"https://127.0.0.1:9"');
    expect(await refusal('nobody', nobody)).toMatch(
      /connection refused\nTo fix it: see "docker buildx inspect/,
    );
  });

  async function kubeconfigWith(part: RegExp, other: string): Promise<string> {
    const path = join(elsewhere, `kubeconfig-${other.length}`);
    await writeFile(path, (await readFile(cluster.kubeconfig, 'utf8')).replace(part, other));
    return path;
  }

  async function pods(): Promise<string[]> {
    const { items } = (await cluster.api('GET', '/api/v1/namespaces/default/pods')) as {
      items: { metadata: { name: string; deletionTimestamp?: string } }[];
    };
    return items.filter(({ metadata }) => !metadata.deletionTimestamp).map(({ metadata }) => metadata.name);
  }
});

function role(rules: readonly unknown[]): object {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: 'builder' },
    rules,
  };
}

/** The Role that the README tells people to give. */
async function documentedRole(): Promise<{ rules: unknown[] }> {
  const readme = await readFile(new URL('../../actions/build-and-push/README.md', import.meta.url), 'utf8');
  const [, block = ''] = /```yaml\n(apiVersion: rbac[\s\S]*?)```/.exec(readme) ?? [];
  return parse(block);
}
