import { readFile } from 'node:fs/promises';
import { find } from '@gangway/engine';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { lackingForGke } from '../helpers/kubernetes/gke.ts';
import { pushProgram } from '../helpers/push-image.ts';
import { chart } from './chart.ts';
import { gkeGround } from './ground.ts';
import { configMap, deployment, shellJob } from './manifests.ts';

// some tests need: helm

const missing = lackingForGke();

describe.skipIf(missing)(`what a step may do in a real cluster${missing ? `: ${missing}` : ''}`, () => {
  const ground = gkeGround();

  it('names the account that the nodes pull as when it may not, and pulls once it may', async () => {
    const [one] = ground.images();
    const job = ground.job();
    const { cloud, project } = job;
    const home = `projects/${project}/locations/us-central1/repositories`;
    const image = `us-central1-docker.pkg.dev/${project}/pods/app`;
    await ground.makeRepository('pods');
    const { digest } = await pushProgram(job, image, find('busybox')[0] ?? '');
    await ground.apply({ 'a.yaml': [deployment('web', one)] });
    const files = { 'a.yaml': [deployment('web', image, { deadline: 6, args: ['sleep', '2147483647'] })] };
    const inputs = { images: `${image}@${digest}` };
    const message = await ground.failure(files, inputs);
    expect(message).toMatch(/ErrImagePull|ImagePullBackOff/);
    expect(message).toContain(
      `gcloud artifacts repositories add-iam-policy-binding pods --location=us-central1 --project=${project}`,
    );
    const node = `serviceAccount:${cloud.project.number}-compute@developer.gserviceaccount.com`;
    cloud.iam.grant(`${home}/pods`, 'roles/artifactregistry.reader', node);
    await ground.apply({ 'a.yaml': [deployment('web', image, { args: ['sleep', '2147483647'] })] }, inputs);
    expect(await ground.imageOf('web')).toBe(`${image}@${digest}`);
  });

  it('does with the Role of its README alone, and says which right is missing', async () => {
    const [one] = ground.images();
    const { role, path, within } = await bindDeployer();
    await withoutDeveloper(async () => {
      const web = (level: string) => [
        configMap('s', { level }),
        shellJob('migrate', one, `echo ${level}`),
        deployment('web', one, { env: [{ name: 'LEVEL', value: level }] }),
      ];
      const inputs = { create_namespace: 'false' };
      await ground.apply({ 'a.yaml': web('1') }, inputs);
      await ground.apply({ 'a.yaml': web('2') }, inputs);
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
        await ground.api('PUT', `${path}/roles/deployer`, { ...within(role), rules });
        const message = await ground.failure({ 'a.yaml': web(`other-${index}`) }, inputs);
        expect(message, `${verb} ${resource}`).toMatch(new RegExp(`cannot ${verb} resource "${resource}"`));
        expect(message).toContain('To fix it: ');
      }
    });
  });

  it.skipIf(find('helm').length === 0)(
    'upgrades a release with the rights that its README names besides, and says which one is missing (needs helm)',
    async () => {
      const [one] = ground.images();
      const { role, path, within } = await bindDeployer();
      const secrets = await documentedSecrets();
      const allow = (verbs: readonly string[]) =>
        ground.api('PUT', `${path}/roles/deployer`, {
          ...within(role),
          rules: [...(role.rules ?? []), { ...secrets, verbs }],
        });
      const upgrade = {
        chart: 'chart',
        release: 'web',
        manifests: '',
        create_namespace: 'false',
        image: one,
      };
      const files = { ...chart(), 'chart/templates/secret.yaml': '' };
      await withoutDeveloper(async () => {
        await allow(secrets.verbs);
        expect((await ground.apply(files, upgrade)).outputs.revision).toBe('1');
        const set = 'level=debug';
        expect((await ground.apply(files, { ...upgrade, set })).outputs.revision).toBe('2');
        for (const verb of secrets.verbs.filter((one) => one !== 'delete')) {
          await allow(secrets.verbs.filter((one) => one !== verb));
          const message = await ground.failure(files, { ...upgrade, set: `level=${verb}` });
          expect(message, verb).toMatch(new RegExp(`cannot ${verb} resource "secrets"`));
          expect(message, verb).toContain('container.secrets.');
        }
      });
    },
  );

  it('names the permission that neither IAM nor RBAC gives', async () => {
    const [one] = ground.images();
    await ground.api('POST', '/api/v1/namespaces', { metadata: { name: ground.namespace() } });
    await withoutDeveloper(async () => {
      const message = await ground.failure(
        { 'a.yaml': [deployment('web', one)] },
        { create_namespace: 'false' },
      );
      expect(message).toMatch(/cannot get resource "deployments" in API group "apps" in the namespace/);
      expect(message).toContain('container.deployments.get');
      expect(message).toContain('--role=roles/container.developer');
    });
  });

  /** Makes the namespace, and the Role of the README in it, bound to who deploys. */
  async function bindDeployer() {
    await ground.api('POST', '/api/v1/namespaces', { metadata: { name: ground.namespace() } });
    const deployer = ground.job().exports.GANGWAY_SERVICE_ACCOUNT ?? '';
    const path = `/apis/rbac.authorization.k8s.io/v1/namespaces/${ground.namespace()}`;
    const [role, binding] = await documentedRole();
    const within = (one: Documented) => ({ ...one, metadata: { name: one.metadata.name } });
    await ground.api('POST', `${path}/roles`, within(role));
    const subjects = [{ ...binding.subjects?.[0], name: deployer }];
    await ground.api('POST', `${path}/rolebindings`, { ...within(binding), subjects });
    return { role, path, within };
  }

  /** With the right to find the cluster, and none in it. */
  async function withoutDeveloper(work: () => Promise<void>): Promise<void> {
    const { iam, project } = ground.job().cloud;
    const resource = `projects/${project.id}`;
    const deployer = `serviceAccount:${ground.job().exports.GANGWAY_SERVICE_ACCOUNT}`;
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

interface Documented {
  readonly metadata: { readonly name: string };
  readonly rules?: readonly { readonly resources: readonly string[]; readonly verbs: readonly string[] }[];
  readonly subjects?: readonly object[];
}

function readme(): Promise<string> {
  return readFile(new URL('../../actions/deploy-gke/README.md', import.meta.url), 'utf8');
}

/** What Helm needs of Secrets, as the README says it. */
async function documentedSecrets(): Promise<{ readonly verbs: readonly string[] }> {
  const [, block = ''] = /```yaml\n(- apiGroups[\s\S]*?)```/.exec(await readme()) ?? [];
  const [rule] = parse(block) as { readonly verbs: readonly string[] }[];
  if (!rule) throw new Error('The README has no rule for Secrets.');
  return rule;
}

/** The Role, and its binding, that the README tells people to make. */
async function documentedRole(): Promise<readonly [Documented, Documented]> {
  const [, block = ''] = /```yaml\n(apiVersion: rbac[\s\S]*?)```/.exec(await readme()) ?? [];
  const [role, binding] = parseAllDocuments(block).map((one) => one.toJS() as Documented);
  if (!role || !binding) throw new Error('The README has no Role.');
  return [role, binding];
}
