import { readFile, rm } from 'node:fs/promises';
import { find } from '@gangway/engine';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { CLUSTER, type GkeCluster, lackingForGke, startGke } from '../helpers/gke.ts';
import { type Job, startJob } from '../helpers/job.ts';
import { pushProgram } from '../helpers/push-image.ts';
import { configMap, deployment, shellJob, workspaceWith } from './manifests.ts';

const missing = lackingForGke();

describe.skipIf(missing)(`a real API server${missing ? `: ${missing}` : ''}`, () => {
  let job: Job;
  let gke: GkeCluster;
  let one: string;
  let two: string;
  let namespace: string;
  let count = 0;
  const folders: string[] = [];
  beforeAll(async () => {
    job = await startJob();
    gke = await startGke(job.cloud);
    [one, two] = gke.images;
  });
  afterAll(async () => {
    await gke?.[Symbol.asyncDispose]();
    await job?.[Symbol.asyncDispose]();
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    namespace = `test-${++count}`;
  });

  type Files = Parameters<typeof workspaceWith>[0];
  const step = async (
    inputs: Readonly<Record<string, string>>,
    files: Files = {},
    options: { fails?: boolean; secrets?: readonly string[]; env?: Record<string, string> } = {},
  ) => {
    const workspace = await workspaceWith(files);
    folders.push(workspace);
    const given = { cluster_name: CLUSTER.name, location: CLUSTER.location, namespace, timeout: '60s' };
    const secrets = [...gke.cluster.tokens, ...(options.secrets ?? [])];
    return job.step('deploy-gke', { ...given, ...inputs }, { workspace, ...options, secrets });
  };
  const apply = (files: Files, inputs: Readonly<Record<string, string>> = {}, options = {}) =>
    step({ manifests: Object.keys(files).join('\n'), create_namespace: 'true', ...inputs }, files, options);
  const fails = async (files: Files, inputs: Readonly<Record<string, string>> = {}) => {
    const { annotations, log } = await apply(files, inputs, { fails: true });
    expect(
      annotations.filter(({ level }) => level === 'error'),
      log,
    ).toHaveLength(1);
    return annotations.at(-1)?.message ?? '';
  };
  const get = async <T = Live>(path: string): Promise<T | undefined> =>
    (gke.cluster.api('GET', path) as Promise<T>).catch((error: Error) => {
      if (error.message.includes('404')) return undefined;
      throw error;
    });
  const makeRepository = async (id: string) => {
    const { origin, tokens, project } = job.cloud;
    const owner = { member: 'user:owner@example.com', memberOf: [], email: 'owner@example.com' };
    const url = `${origin}/artifactregistry/v1/projects/${project.id}/locations/us-central1/repositories?repositoryId=${id}`;
    const headers = {
      authorization: `Bearer ${tokens.issue(owner, 600).token}`,
      'content-type': 'application/json',
    };
    const answer = await fetch(url, { method: 'POST', headers, body: '{"format": "DOCKER"}' });
    if (!answer.ok) throw new Error(await answer.text());
  };
  const deployed = (name: string) => get(`/apis/apps/v1/namespaces/${namespace}/deployments/${name}`);
  const imageOf = async (name: string) => (await deployed(name))?.spec.template.spec.containers[0]?.image;
  /** What the step asked the API server, without how it found its way there. */
  const asked = async (work: () => Promise<unknown>) => {
    const before = (await gke.cluster.audit()).length;
    await work();
    const lines = (await gke.cluster.audit()).slice(before).trim().split('\n').filter(Boolean);
    return lines.map((line) => JSON.parse(line) as { verb: string; requestURI: string });
  };

  it('makes the namespace, runs the job first, waits for the pods, and then has nothing to do but read', async () => {
    const files = {
      'k8s/web.yaml': [deployment('web', 'registry.example/app:1'), configMap('settings', { level: 'info' })],
      'k8s/migrate.yml': [shellJob('migrate', 'registry.example/app:1', 'echo migrated')],
    };
    const inputs = { manifests: 'k8s', images: `registry.example/app=${one}` };
    const { outputs, log, summary } = await apply(files, inputs);
    expect(outputs.changed).toBe('true');
    expect(outputs.applied?.split('\n')).toEqual([
      `namespace/${namespace}`,
      'configmap/settings',
      'job.batch/migrate',
      'deployment.apps/web',
    ]);
    expect(log).toMatch(/job\.batch\/migrate has completed[\s\S]*deployment "web" successfully rolled out/);
    expect(summary).toContain('Of 4 objects, 4 applied.');
    const live = await deployed('web');
    expect(live?.spec.template.spec.containers[0]?.image).toBe(one);
    expect(live?.status.availableReplicas).toBe(1);

    const requests = await asked(async () => {
      const again = await apply(files, inputs);
      expect(again.outputs).toMatchObject({ changed: 'false', applied: '' });
      expect(again.log).toContain('job.batch/migrate has run already');
    });
    expect([...new Set(requests.map(({ verb }) => verb))]).toEqual(['get']);
    expect((await deployed('web'))?.metadata.resourceVersion).toBe(live?.metadata.resourceVersion);
  });

  it('shows what would change, and changes nothing, on a dry run', async () => {
    await apply({ 'a.yaml': [deployment('web', one)] });
    const { outputs, log } = await apply(
      { 'a.yaml': [deployment('web', two), configMap('new', {})] },
      { dry_run: 'true' },
    );
    expect(outputs).toMatchObject({ changed: 'false', applied: 'configmap/new\ndeployment.apps/web' });
    expect(log).toContain(`~ spec.template.spec.containers[app].image: ${one} → ${two}`);
    expect(await imageOf('web')).toBe(one);
    expect(await get(`/api/v1/namespaces/${namespace}/configmaps/new`)).toBeUndefined();
  });

  it('goes back when the pods do not get ready, and says what keeps them', async () => {
    await apply({ 'a.yaml': [deployment('web', one)] });
    const absent = `localhost:9/nothing@sha256:${'0'.repeat(64)}`;
    const message = await fails({ 'a.yaml': [deployment('web', absent, { deadline: 4 })] });
    expect(message).toContain('deployment "web" exceeded its progress deadline');
    expect(message).toMatch(/ErrImagePull|ImagePullBackOff/);
    expect(message).toContain('deployment.apps/web was rolled back: it has its previous pod template again');
    expect(await imageOf('web')).toBe(one);
    // Fields of the way back are the action's own: no conflict.
    await apply({ 'a.yaml': [deployment('web', two)] });
    expect(await imageOf('web')).toBe(two);
  });

  it('leaves a failed rollout as it is when told to, and shows the last lines of the log', async () => {
    await apply({ 'a.yaml': [deployment('web', one)] });
    const broken = deployment('web', one, { deadline: 5, args: ['sh', '-c', 'echo no database; exit 3'] });
    const message = await fails({ 'a.yaml': [broken] }, { rollback: 'false' });
    expect(message).toMatch(/exit code 3[\s\S]*no database/);
    expect(message).toContain('nothing was rolled back, as rollback is false');
    expect((await deployed('web'))?.spec.template.spec.containers[0]?.command).toContain('sh');
    // Nothing changed since, and it is still not ready.
    expect(await fails({ 'a.yaml': [broken] })).toContain('this step changed no workload');
  });

  it('names the account that the nodes pull as when it may not, and pulls once it may', async () => {
    const { cloud, project } = job;
    const home = `projects/${project}/locations/us-central1/repositories`;
    const image = `us-central1-docker.pkg.dev/${project}/pods/app`;
    await makeRepository('pods');
    const { digest } = await pushProgram(job, image, find('busybox')[0] ?? '');
    await apply({ 'a.yaml': [deployment('web', one)] });
    const files = { 'a.yaml': [deployment('web', image, { deadline: 6, args: ['sleep', '2147483647'] })] };
    const inputs = { images: `${image}@${digest}` };
    const message = await fails(files, inputs);
    expect(message).toMatch(/ErrImagePull|ImagePullBackOff/);
    expect(message).toContain(
      `gcloud artifacts repositories add-iam-policy-binding pods --location=us-central1 --project=${project}`,
    );
    const node = `serviceAccount:${cloud.project.number}-compute@developer.gserviceaccount.com`;
    cloud.iam.grant(`${home}/pods`, 'roles/artifactregistry.reader', node);
    await apply({ 'a.yaml': [deployment('web', image, { args: ['sleep', '2147483647'] })] }, inputs);
    expect(await imageOf('web')).toBe(`${image}@${digest}`);
  });

  it('ends with a job that fails, before anything runs that needs it', async () => {
    await apply({ 'a.yaml': [shellJob('migrate', one, 'true'), deployment('web', one)] });
    const files = {
      'a.yaml': [shellJob('migrate', one, 'echo column exists; exit 1'), deployment('web', two)],
    };
    const message = await fails(files);
    expect(message).toMatch(/job "migrate" failed: BackoffLimitExceeded[\s\S]*column exists/);
    expect(message).toContain('what runs pods was not changed');
    expect(await imageOf('web')).toBe(one);
  });

  it('says who owns a field that it does not take over unless told to', async () => {
    await apply({ 'a.yaml': [configMap('settings', { level: 'info' })] });
    const path = `/api/v1/namespaces/${namespace}/configmaps/settings`;
    await gke.cluster.api('PUT', `${path}?fieldManager=someone`, {
      ...configMap('settings', { level: 'debug' }),
    });
    const files = { 'a.yaml': [configMap('settings', { level: 'warn' })] };
    const message = await fails(files);
    expect(message).toContain('configmap/settings (a.yaml:1) sets fields that something else has set');
    expect(message).toContain('.data.level is owned by "someone"');
    expect(message).toContain('force_conflicts');
    await apply(files, { force_conflicts: 'true' });
    expect((await get<{ data: object }>(path))?.data).toEqual({ level: 'warn' });
  });

  it('puts back what somebody has changed by hand', async () => {
    const files = { 'a.yaml': [configMap('settings', { level: 'info' })] };
    await apply(files);
    const path = `/api/v1/namespaces/${namespace}/configmaps/settings`;
    const live = await get<{ data: object }>(path);
    await gke.cluster.api('PUT', `${path}?fieldManager=gangway`, { ...live, data: { level: 'debug' } });
    const { outputs } = await apply(files, { force_conflicts: 'true' });
    expect(outputs.applied).toBe('configmap/settings');
    expect((await get<{ data: object }>(path))?.data).toEqual({ level: 'info' });
  });

  it('deletes what an earlier run made and the manifests have no more, and nothing of others', async () => {
    const prune = { prune: 'gangway.test/set=shop' };
    await apply({ 'a.yaml': [configMap('kept', {}), configMap('dropped', {})] }, prune);
    const labels = { 'gangway.test/set': 'shop' };
    await gke.cluster.api('POST', `/api/v1/namespaces/${namespace}/configmaps`, {
      ...configMap('foreign', {}),
      metadata: { name: 'foreign', labels },
    });
    const { outputs } = await apply({ 'a.yaml': [configMap('kept', {})] }, prune);
    expect(outputs).toMatchObject({ changed: 'true', applied: '', pruned: 'configmap/dropped' });
    const { items } = (await get<{ items: Live[] }>(`/api/v1/namespaces/${namespace}/configmaps`)) ?? {
      items: [],
    };
    expect(items.map(({ metadata }) => metadata.name)).toEqual(['foreign', 'kept']);
  });

  it('makes a kind and an object of it in one step, and tells no value of a Secret', async () => {
    const group = `${namespace}.example.com`;
    const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
    const definition = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `widgets.${group}` },
      spec: {
        group,
        scope: 'Namespaced',
        names: { plural: 'widgets', singular: 'widget', kind: 'Widget' },
        versions: [{ name: 'v1', served: true, storage: true, schema }],
      },
    };
    const widget = { apiVersion: `${group}/v1`, kind: 'Widget', metadata: { name: 'first' }, size: 3 };
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'key' },
      stringData: { key: 'hunter2-hunter2' },
    };
    const files = { 'a.json': [widget, definition, secret] };
    const secrets = ['hunter2-hunter2', Buffer.from('hunter2-hunter2').toString('base64')];
    await apply(files, {}, { secrets });
    expect(await get(`/apis/${group}/v1/namespaces/${namespace}/widgets/first`)).toMatchObject({ size: 3 });
    const again = await apply(files, {}, { secrets });
    expect(again.outputs.changed).toBe('false');
    const other = { ...secret, stringData: { key: 'hunter3-hunter3' } };
    const { log } = await apply({ 'a.json': [other] }, {}, { secrets: ['hunter3-hunter3', ...secrets] });
    expect(log).toContain('data');
  });

  it('gives one container another image, and leaves the rest to who owns it', async () => {
    await apply({ 'a.yaml': [deployment('web', one)] });
    const inputs = { deployment: 'web', image: two };
    const { outputs } = await step(inputs);
    expect(outputs).toMatchObject({ changed: 'true', applied: 'deployment.apps/web', images: two });
    expect(await imageOf('web')).toBe(two);
    const requests = await asked(async () => {
      expect((await step(inputs)).outputs.changed).toBe('false');
    });
    expect([...new Set(requests.map(({ verb }) => verb))]).toEqual(['get']);
    const { annotations } = await step({ ...inputs, container: 'other' }, {}, { fails: true });
    expect(annotations[0]?.message).toMatch(/has no such container.\nTo fix it: set container to one of app/);
    const { annotations: absent } = await step({ ...inputs, deployment: 'gone' }, {}, { fails: true });
    expect(absent[0]?.message).toContain(`There is no Deployment "gone" in the namespace ${namespace}`);
  });

  it('says what the server refuses, before anything is changed', async () => {
    const files = {
      'a.yaml': [configMap('first', {}), { ...configMap('second', {}), dta: {} }],
    };
    expect(await fails(files, { create_namespace: 'false' })).toContain(
      `configmap/first (a.yaml:1) is for the namespace ${namespace}, which is not there`,
    );
    await gke.cluster.api('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
    expect(await fails(files)).toMatch(/configmap\/second \(a\.yaml:3\) is refused by the cluster: .*dta/);
    expect(await get(`/api/v1/namespaces/${namespace}/configmaps/first`)).toBeUndefined();
    const unknown = { apiVersion: 'example.com/v1', kind: 'Nothing', metadata: { name: 'x' } };
    expect(await fails({ 'a.yaml': [unknown] })).toContain(
      'a.yaml:1: the cluster knows no Nothing of example.com/v1',
    );
  });

  it('does with the Role of its README alone, and says which right is missing', async () => {
    await gke.cluster.api('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
    const deployer = job.exports.GANGWAY_SERVICE_ACCOUNT ?? '';
    const path = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`;
    const [role, binding] = await documentedRole();
    const within = (one: Documented) => ({ ...one, metadata: { name: one.metadata.name } });
    await gke.cluster.api('POST', `${path}/roles`, within(role));
    const subjects = [{ ...binding.subjects?.[0], name: deployer }];
    await gke.cluster.api('POST', `${path}/rolebindings`, { ...within(binding), subjects });
    await withoutDeveloper(async () => {
      const web = (level: string) => [
        configMap('s', { level }),
        shellJob('migrate', one, `echo ${level}`),
        deployment('web', one, { env: [{ name: 'LEVEL', value: level }] }),
      ];
      const inputs = { create_namespace: 'false' };
      await apply({ 'a.yaml': web('1') }, inputs);
      await apply({ 'a.yaml': web('2') }, inputs);
      const rights = [
        ['configmaps', 'get'],
        ['configmaps', 'patch'],
        ['deployments', 'get'],
        ['deployments', 'patch'],
        ['jobs', 'get'],
        ['jobs', 'create'],
        ['jobs', 'delete'],
      ] as const;
      for (const [index, [resource, verb]] of rights.entries()) {
        const rules = role.rules?.flatMap((rule) =>
          rule.resources.includes(resource)
            ? [
                { ...rule, resources: rule.resources.filter((one) => one !== resource) },
                { ...rule, resources: [resource], verbs: rule.verbs.filter((one) => one !== verb) },
              ].filter(({ resources }) => resources.length > 0)
            : [rule],
        );
        await gke.cluster.api('PUT', `${path}/roles/deployer`, { ...within(role), rules });
        const message = await fails({ 'a.yaml': web(`other-${index}`) }, inputs);
        expect(message, `${verb} ${resource}`).toMatch(new RegExp(`cannot ${verb} resource "${resource}"`));
        expect(message).toContain('To fix it: ');
      }
    });
  });

  it('names the permission that neither IAM nor RBAC gives', async () => {
    await gke.cluster.api('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
    await withoutDeveloper(async () => {
      const message = await fails({ 'a.yaml': [deployment('web', one)] }, { create_namespace: 'false' });
      expect(message).toMatch(/cannot get resource "deployments" in API group "apps" in the namespace/);
      expect(message).toContain('container.deployments.get');
      expect(message).toContain('--role=roles/container.developer');
    });
  });

  /** With the right to find the cluster, and none in it. */
  async function withoutDeveloper(work: () => Promise<void>): Promise<void> {
    const { iam, project } = job.cloud;
    const resource = `projects/${project.id}`;
    const deployer = `serviceAccount:${job.exports.GANGWAY_SERVICE_ACCOUNT}`;
    const bindings = iam.get(resource).bindings.filter(({ role }) => role !== 'roles/container.developer');
    iam.set(resource, { bindings });
    iam.grant(resource, 'roles/container.clusterViewer', deployer);
    try {
      await work();
    } finally {
      iam.grant(resource, 'roles/container.developer', deployer);
    }
  }
});

interface Live {
  readonly metadata: { readonly name: string; readonly resourceVersion: string };
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly containers: readonly { readonly image: string; readonly command?: string[] }[];
      };
    };
  };
  readonly status: { readonly availableReplicas?: number };
}

interface Documented {
  readonly metadata: { readonly name: string };
  readonly rules?: readonly { readonly resources: readonly string[]; readonly verbs: readonly string[] }[];
  readonly subjects?: readonly object[];
}

/** The Role, and its binding, that the README tells people to make. */
async function documentedRole(): Promise<readonly [Documented, Documented]> {
  const readme = await readFile(new URL('../../actions/deploy-gke/README.md', import.meta.url), 'utf8');
  const [, block = ''] = /```yaml\n(apiVersion: rbac[\s\S]*?)```/.exec(readme) ?? [];
  const [role, binding] = parseAllDocuments(block).map((one) => one.toJS() as Documented);
  if (!role || !binding) throw new Error('The README has no Role.');
  return [role, binding];
}
