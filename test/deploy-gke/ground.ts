import { readdir, rm } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { type Job, startJob } from '../helpers/job.ts';
import { CLIENT_IMAGE, CLUSTER, type GkeCluster, startGke } from '../helpers/kubernetes/gke.ts';
import { writeClientImage } from '../helpers/pod-client/image.ts';
import { workspaceWith } from './manifests.ts';

type Files = Parameters<typeof workspaceWith>[0];
type Inputs = Readonly<Record<string, string>>;

interface Options {
  readonly fails?: boolean;
  readonly secrets?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Whether the manifests lie elsewhere than in the workspace. */
  readonly outside?: boolean;
  /** Cancels the step. */
  readonly signal?: AbortSignal;
}

/** A deployment, or a ConfigMap, as the API server has it. */
export interface Live {
  readonly metadata: { readonly name: string; readonly resourceVersion: string };
  readonly data: object;
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly containers: readonly { readonly image: string; readonly command?: string[] }[];
      };
    };
  };
  readonly status: { readonly availableReplicas?: number };
}

/**
 * A local cloud with a cluster for the tests of a file, and a namespace's name of its own for each of them.
 *
 * @param client whether its node has {@link CLIENT_IMAGE}
 */
export function gkeGround({ client = false }: { readonly client?: boolean } = {}) {
  let job: Job;
  let gke: GkeCluster;
  let namespace = '';
  let count = 0;
  const folders: string[] = [];
  beforeAll(async () => {
    job = await startJob();
    gke = await startGke(job.cloud, client ? { [CLIENT_IMAGE]: writeClientImage } : {});
  });
  afterAll(async () => {
    await gke?.[Symbol.asyncDispose]();
    await job?.[Symbol.asyncDispose]();
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    namespace = `test-${++count}`;
  });

  const folderWith = async (files: Files) => {
    const folder = await workspaceWith(files);
    folders.push(folder);
    return folder;
  };
  const run = async (inputs: Inputs, workspace: string, options: Options) => {
    const { fails, env, signal, secrets = [] } = options;
    const given = { cluster_name: CLUSTER.name, location: CLUSTER.location, namespace, timeout: '60s' };
    const all = [...gke.cluster.tokens, ...secrets];
    return job.step(
      'deploy-gke',
      { ...given, ...inputs },
      { workspace, secrets: all, ...(fails && { fails }), ...(env && { env }), ...(signal && { signal }) },
    );
  };
  const get = async (path: string): Promise<Live | undefined> =>
    (gke.cluster.api('GET', path) as Promise<Live>).catch((error: Error) => {
      if (error.message.includes(' 404 ')) return undefined;
      throw error;
    });

  const ground = {
    job: () => job,
    namespace: () => namespace,
    /** Of an administrator of the cluster. */
    kubeconfig: () => gke.cluster.kubeconfig,
    /** Folders of steps that are still there. */
    leftBehind: async () =>
      (await readdir(job.temp, { recursive: true })).filter((name) => /kube-|values|token/.test(name)),
    /** Makes an empty repository of images. */
    async makeRepository(id: string): Promise<void> {
      const { origin, tokens, project } = job.cloud;
      const owner = { member: 'user:owner@example.com', memberOf: [], email: 'owner@example.com' };
      const url = `${origin}/artifactregistry/v1/projects/${project.id}/locations/us-central1/repositories?repositoryId=${id}`;
      const headers = {
        authorization: `Bearer ${tokens.issue(owner, 600).token}`,
        'content-type': 'application/json',
      };
      const answer = await fetch(url, { method: 'POST', headers, body: '{"format": "DOCKER"}' });
      if (!answer.ok) throw new Error(await answer.text());
    },
    /** Images that the node has. */
    images: () => gke.images,
    /** Where the API server answers. */
    server: () => gke.cluster.server,
    api: (method: string, path: string, body?: unknown) => gke.cluster.api(method, path, body),
    get,
    deployment: (name: string) => get(`/apis/apps/v1/namespaces/${namespace}/deployments/${name}`),
    imageOf: async (name: string) => (await ground.deployment(name))?.spec.template.spec.containers[0]?.image,
    /** Runs the action without manifests. */
    step: async (inputs: Inputs, options: Options = {}) => run(inputs, await folderWith({}), options),
    /** Runs it with all of these. */
    async apply(files: Files, inputs: Inputs = {}, options: Options = {}) {
      const folder = await folderWith(files);
      const names = Object.keys(files).map((name) => (options.outside ? `${folder}/${name}` : name));
      const given = { manifests: names.join('\n'), create_namespace: 'true', ...inputs };
      return run(given, options.outside ? await folderWith({}) : folder, options);
    },
    /** The same, and what its one error says. */
    async failure(files: Files, inputs: Inputs = {}): Promise<string> {
      const { annotations, log } = await ground.apply(files, inputs, { fails: true });
      const errors = annotations.filter(({ level }) => level === 'error');
      expect(errors, log).toHaveLength(1);
      return errors[0]?.message ?? '';
    },
    /** The verbs of what the API server was asked meanwhile, by others than its own parts. */
    async verbs(work: () => Promise<unknown>): Promise<string[]> {
      const before = (await gke.cluster.audit()).length;
      await work();
      const lines = (await gke.cluster.audit()).slice(before).trim().split('\n').filter(Boolean);
      return [...new Set(lines.map((line) => (JSON.parse(line) as { verb: string }).verb))];
    },
  };
  return ground;
}
