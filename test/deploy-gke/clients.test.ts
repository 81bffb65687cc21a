import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { find } from '@gangway/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Job, startJob } from '../helpers/job.ts';
import { CLUSTER, type GkeCluster, lackingForGke, startGke } from '../helpers/kubernetes/gke.ts';
import { pathWithPlugin } from '../helpers/kubernetes/gke-client.ts';
import { deployment, workspaceWith } from './manifests.ts';

// some tests need: gcloud

const execute = promisify(execFile);
const missing = lackingForGke() ?? ['gcloud', 'kubectl'].find((name) => find(name).length === 0);

describe.skipIf(missing)(
  `gcloud and kubectl with a cluster of the local cloud${missing ? `: no ${missing}` : ''}`,
  () => {
    let job: Job;
    let gke: GkeCluster;
    let folder: string;
    let env: Record<string, string | undefined>;
    beforeAll(async () => {
      job = await startJob();
      gke = await startGke(job.cloud);
      folder = await mkdtemp(join(tmpdir(), 'gangway-clients-'));
      const path = await pathWithPlugin(folder);
      env = { PATH: path, HOME: folder, ...job.exports, KUBECONFIG: join(folder, 'kubeconfig') };
    });
    afterAll(async () => {
      await gke?.[Symbol.asyncDispose]();
      await job?.[Symbol.asyncDispose]();
      if (folder) await rm(folder, { recursive: true, force: true });
    });
    const run = async (program: string, ...args: readonly string[]) =>
      (await execute(program, args, { env })).stdout;

    it('lists and describes it, and writes a kubeconfig with which kubectl gets in as the owner', async () => {
      const format = '--format=value(name,location,status,currentMasterVersion.scope("-"))';
      expect(await run('gcloud', 'container', 'clusters', 'list', format)).toMatch(
        /^main\s+us-central1\s+RUNNING/,
      );
      const endpoint = await run(
        'gcloud',
        'container',
        'clusters',
        'describe',
        CLUSTER.name,
        '--location',
        CLUSTER.location,
        '--format=value(endpoint)',
      );
      expect(endpoint.trim()).toBe(new URL(gke.cluster.server).hostname);
      await run(
        'gcloud',
        'container',
        'clusters',
        'get-credentials',
        CLUSTER.name,
        '--location',
        CLUSTER.location,
      );
      expect(await readFile(join(folder, 'kubeconfig'), 'utf8')).toContain('gke-gcloud-auth-plugin');
      expect(await run('kubectl', 'auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}')).toBe(
        'owner@example.com',
      );
      await run('kubectl', 'create', 'deployment', 'web', `--image=${gke.images[0]}`);
      expect(await run('kubectl', 'rollout', 'status', 'deployment/web', '--timeout=60s')).toContain(
        'successfully rolled out',
      );
      await run('kubectl', 'set', 'image', 'deployment/web', `app=${gke.images[1]}`);
      expect(await run('kubectl', 'rollout', 'status', 'deployment/web', '--timeout=60s')).toContain(
        'successfully rolled out',
      );
      // What is theirs is taken over when asked to, and left alone otherwise.
      const step = {
        cluster_name: CLUSTER.name,
        location: CLUSTER.location,
        deployment: 'web',
        image: gke.images[0],
      };
      expect((await job.step('deploy-gke', step)).outputs.changed).toBe('true');
      expect(await run('kubectl', 'get', 'deployment', 'web', '-o', 'jsonpath={..image}')).toBe(
        gke.images[0],
      );
    });

    it('has a kustomization built by kubectl, with images by digest in what it makes', async () => {
      const workspace = await workspaceWith({
        'k8s/kustomization.yaml': 'resources: [web.yaml]\nnamePrefix: shop-\nnamespace: kustomized\n',
        'k8s/web.yaml': [deployment('web', 'registry.example/app:1')],
      });
      const place = { cluster_name: CLUSTER.name, location: CLUSTER.location, namespace: 'kustomized' };
      const images = `registry.example/app=${gke.images[0]}`;
      const inputs = { ...place, create_namespace: 'true', manifests: 'k8s', images };
      try {
        const { outputs } = await job.step('deploy-gke', inputs, { workspace });
        expect(outputs.applied).toBe('namespace/kustomized\ndeployment.apps/shop-web');
        const path = '/apis/apps/v1/namespaces/kustomized/deployments/shop-web';
        expect(JSON.stringify(await gke.cluster.api('GET', path))).toContain(gke.images[0]);
      } finally {
        await rm(workspace, { recursive: true, force: true });
      }
    });

    it('is refused to whom IAM does not let in, in the words of the API', async () => {
      await expect(
        run('gcloud', 'container', 'clusters', 'describe', 'absent', '--location', CLUSTER.location),
      ).rejects.toThrow(`Not found: projects/${job.project}/locations/us-central1/clusters/absent`);
      const stranger = { member: 'user:stranger@example.com', memberOf: [], email: 'stranger@example.com' };
      const { token } = job.cloud.tokens.issue(stranger, 600);
      await writeFile(join(folder, 'token'), token);
      const other = { ...env, CLOUDSDK_AUTH_ACCESS_TOKEN_FILE: join(folder, 'token') };
      const list = execute('gcloud', ['container', 'clusters', 'list'], { env: other });
      await expect(list).rejects.toThrow('Required "container.clusters.list" permission(s)');
      const pods = execute('kubectl', ['get', 'pods'], { env: other });
      await expect(pods).rejects.toThrow(
        'User "stranger@example.com" cannot list resource "pods" in API group "" in the namespace "default": requires one of ["container.pods.list"] permission(s).',
      );
    });
  },
);
