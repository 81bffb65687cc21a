import { expect } from 'vitest';
import { configMap, deployment, shellJob, workspaceWith } from '../deploy-gke/manifests.ts';
import { startJob } from '../helpers/job.ts';
import { CLUSTER, lackingForGke, startGke } from '../helpers/kubernetes/gke.ts';
import { type Row, subject } from './subject.ts';

const lacking = lackingForGke();
const missing = lacking ? [lacking] : [];

/**
 * deploy-gke: a cluster for all runs, with a namespace of its own for each. The API server is reached through the Connect gateway, so that
 * what Kubernetes is asked meets the faults, too.
 */
export const CLUSTER_ROWS: readonly Row[] = [
  {
    title: 'deploy-gke of manifests',
    missing,
    runs: 16,
    atOnce: 4,
    open: () =>
      clusterGround(async ({ images: [one, two], live, step }) => {
        const files = (image: string, level: string) => ({
          'k8s/all.yaml': [
            configMap('settings', { level }),
            shellJob('migrate', image, 'true'),
            deployment('web', image),
          ],
        });
        const inputs = { manifests: 'k8s', create_namespace: 'true' };
        // A change of what is there: the first deploy has made it.
        await step(inputs, files(one, 'info'));
        return {
          run: (options) => step(inputs, files(two, 'debug'), options),
          async check() {
            expect(await live('/apis/apps/v1', 'deployments/web')).toMatchObject({
              spec: { template: { spec: { containers: [{ image: two }] } } },
              status: { updatedReplicas: 1, availableReplicas: 1 },
            });
            expect(await live('/apis/batch/v1', 'jobs/migrate')).toMatchObject({ status: { succeeded: 1 } });
            expect(await live('/api/v1', 'configmaps/settings')).toMatchObject({ data: { level: 'debug' } });
          },
        };
      }),
  },
  {
    title: 'deploy-gke of an image',
    missing,
    runs: 8,
    atOnce: 4,
    open: () =>
      clusterGround(async ({ images: [one, two], live, step }) => {
        const files = { 'web.yaml': [deployment('web', one)] };
        await step({ manifests: 'web.yaml', create_namespace: 'true' }, files);
        return {
          run: (options) => step({ deployment: 'web', image: two }, {}, options),
          async check() {
            expect(await live('/apis/apps/v1', 'deployments/web')).toMatchObject({
              spec: { template: { spec: { containers: [{ image: two }] } } },
              status: { updatedReplicas: 1, availableReplicas: 1 },
            });
          },
        };
      }),
  },
];

type Step = Parameters<typeof subject>[1];
type Options = Parameters<Step>[0];

interface Site {
  readonly images: readonly [string, string];
  /** An object of the namespace, as the API server has it. */
  live(api: string, path: string): Promise<unknown>;
  step(
    inputs: Readonly<Record<string, string>>,
    files: Parameters<typeof workspaceWith>[0],
    options?: Options,
  ): ReturnType<Step>;
}

async function clusterGround(
  make: (site: Site) => Promise<{ readonly run: Step; check(): Promise<void> }>,
): ReturnType<Row['open']> {
  const job = await startJob();
  const gke = await startGke(job.cloud);
  for (const api of ['gkehub', 'connectgateway']) job.cloud.serviceUsage.enabled.add(`${api}.googleapis.com`);
  const deployer = `serviceAccount:${job.exports.GANGWAY_SERVICE_ACCOUNT}`;
  job.cloud.iam.grant(`projects/${job.project}`, 'roles/gkehub.gatewayEditor', deployer);
  const place = { cluster_name: CLUSTER.name, location: CLUSTER.location, use_connect_gateway: 'true' };
  let count = 0;
  return {
    async start() {
      const namespace = `fault-${count++}`;
      const { run, check } = await make({
        images: gke.images,
        live: (api, path) => gke.cluster.api('GET', `${api}/namespaces/${namespace}/${path}`),
        async step(inputs, files, options) {
          const workspace = await workspaceWith(files);
          return job.step(
            'deploy-gke',
            { ...place, namespace, timeout: '30s', ...inputs },
            { ...options, workspace },
          );
        },
      });
      return subject(job, run, check);
    },
    async [Symbol.asyncDispose]() {
      await gke[Symbol.asyncDispose]();
      await job[Symbol.asyncDispose]();
    },
  };
}
