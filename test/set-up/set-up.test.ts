import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { find } from '@gangway/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ComputeMachines, computeMachines } from '../helpers/compute/compute-machines.ts';
import { complaint } from './complaint.ts';
import { readGuide } from './guide.ts';
import { type Project, startProject } from './project.ts';
import type { Scenario, Setting } from './scenario.ts';
import { build, expose, key, REPOSITORY, SCENARIOS, serve } from './scenarios.ts';

// needs: base-image, gcloud

const guide = readGuide(new URL('../../docs/set-up.md', import.meta.url));
const EXAMPLE = fileURLToPath(new URL('../../examples/fastapi-on-cloud-run', import.meta.url));
const SPEC_COMMAND = "python -c 'import json, main; print(json.dumps(main.app.openapi()))'";
const DEPLOYER = 'serviceAccount:deployer@my-project.iam.gserviceaccount.com';
const JOBS =
  'principalSet://iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/github/attribute.repository/my-org/my-repository';

/** The token service and the registry's door find out who one is; anybody may ask what they may do, and must say of which permissions. */
const FOR_ANYBODY = /^(GET \/v2\/ 200|POST \/v1\/token 400|POST \S+:testIamPermissions 400)$/;

const { GANGWAY_BASE_IMAGE: BASE = '' } = process.env;
const missing = [...(find('gcloud').length > 0 ? [] : ['gcloud']), ...(BASE ? [] : ['a Docker engine'])].join(
  ' and ',
);

describe('docs/set-up.md', () => {
  it('explains every permission of the roles that a section makes, and no other', () => {
    for (const { heading, makes, explained, uses } of guide.actions) {
      const roles = heading === 'deploy-api-config' ? uses : makes;
      const held = roles.flatMap((role) => guide.roles.get(role) ?? []);
      expect(explained.toSorted(), heading).toEqual(held.toSorted());
    }
  });

  it('explains what has a step that can’t do without it', () => {
    const said = guide.actions.map(({ heading, explained }) => [heading, explained.toSorted()] as const);
    const steps = Object.entries(SCENARIOS).map(
      ([heading, made]) => [heading, Object.keys(made).toSorted()] as const,
    );
    expect(Object.fromEntries(said)).toEqual(Object.fromEntries(steps));
  });
});

describe.skipIf(missing)(`a project set up by docs/set-up.md${missing && ` (needs ${missing})`}`, () => {
  let project: Project;
  let setting: Setting;
  let printed: string;
  let machines: ComputeMachines;
  beforeAll(async () => {
    project = await startProject();
    const { job, folder, step } = project;
    const source = join(folder, 'source');
    await cp(EXAMPLE, source, { recursive: true });
    setting = { job, source, base: BASE, image: '', documents: folder, step };
    machines = computeMachines(job);
    printed = await project.shell(guide.script);
  });
  afterAll(async () => {
    await machines[Symbol.asyncDispose]();
    await project[Symbol.asyncDispose]();
  });

  it('has a provider, whose name is printed for the workflow', () => {
    expect(printed.trim().split('\n').at(-1)).toBe(project.job.exports.GANGWAY_WORKLOAD_IDENTITY_PROVIDER);
  });

  it('has a deployer with custom roles only, each on the smallest resource', () => {
    const shown = [...project.grants(DEPLOYER)].map(([resource, roles]) => [
      resource.replace('projects/my-project', '') || '/',
      roles.map((role) => role.replace('projects/my-project/roles/', '')),
    ]);
    expect(Object.fromEntries(shown)).toEqual({
      '/': [
        'gangwayCreateApiKey',
        'gangwayDeployApiConfig',
        'gangwayDeployCloudRun',
        'gangwayDeployCompute',
        'gangwayEnableService',
      ],
      '/locations/us-central1/repositories/apis': ['gangwayBuildAndPush', 'gangwayReadImages'],
      '/secrets/forecast-key': ['gangwayStoreApiKey'],
      '/serviceAccounts/forecast@my-project.iam.gserviceaccount.com': ['gangwayActAs'],
      '/serviceAccounts/gateway@my-project.iam.gserviceaccount.com': ['gangwayActAs', 'gangwayMakeIdTokens'],
    });
  });

  it.each([
    ['my-org/other', 'may not act as'],
    ['else/my-repository', 'attribute condition'],
  ])('lets no job of %s in', async (repository, reason) => {
    expect(complaint(await project.step(key({}), { fails: true, repository }))).toContain(reason);
  });

  it('lets the whole job through, and nobody else ask what it asks', async () => {
    const before = project.job.cloud.requests.length;
    setting = { ...setting, image: await wholeJob() };
    const asked = new Set(
      project.job.cloud.requests.slice(before).map(({ method, path }) => `${method} ${path}`),
    );
    const told: string[] = [];
    for (const request of asked) {
      const status = await project.askedByStranger(request);
      if (status !== 401 && status !== 403) told.push(`${request} ${status}`);
    }
    expect(told.filter((request) => !FOR_ANYBODY.test(request))).toEqual([]);
    expect(asked.size).toBeGreaterThan(40);
  });

  describe.each(guide.actions)('$heading', ({ heading, uses, explained, links, variant }) => {
    // A variant goes with the roles of its action, and of those that it names.
    const actions = guide.actions.filter(
      (other) => !other.variant && (heading.includes(other.heading) || links.includes(other.heading)),
    );
    const roles = [...uses, ...actions.flatMap((action) => action.uses)];
    beforeAll(async () => void (variant && (await project.shell(guide.scriptOf(heading)))));

    it.each(explained)('can’t do without %s, and says so', async (permission) => {
      let scenario: Scenario | undefined;
      await project.limited(roles, '', async () => {
        scenario = await SCENARIOS[heading]?.[permission]?.(setting);
      });
      if (!scenario) throw new Error(`there is no step for ${permission}`);
      const step = scenario;
      await project.limited(roles, permission, async () => {
        if (step.warns) {
          const { annotations, log } = await project.step(step);
          const warnings = annotations.filter(({ level }) => level === 'warning');
          expect(warnings.map(({ message }) => message).join('\n'), log).toContain(permission);
          return;
        }
        const said = complaint(await project.step(step, { fails: true }));
        expect(said).toContain(permission);
        expect(said).toMatch(/To fix it: .*gcloud [\w -]+ add-iam-policy-binding/);
        expect(said).toContain(`--member="${DEPLOYER}"`);
      });
    });
  });

  it('makes repositories, their settings and secrets where that is granted, and no secret of another name', async () => {
    await project.step(build(setting, { image: `${REPOSITORY}-more/forecast` }));
    await project.step(build(setting, { readers: 'none', repository_labels: 'team=forecast' }));
    await project.step(key({ secret: 'gateway-more' }));
    const said = complaint(await project.step(key({ secret: 'more' }), { fails: true }));
    expect(said).toContain('secretmanager.versions.access');
  });

  describe('with an environment', () => {
    const pools = () => project.job.cloud.iamAdmin.pools;
    const refusal = async (environment: string | undefined, inputs = {}) =>
      complaint(await project.step(key(inputs), { fails: true, ...(environment && { environment }) }));

    it('lets only its jobs sign in', async () => {
      const provider = pools().get(project.job.exports.GANGWAY_WORKLOAD_IDENTITY_PROVIDER ?? '');
      await project.shell(guide.scriptOf('Let only jobs of an environment sign in'));
      await project.step(key({}), { environment: 'production' });
      expect(await refusal('staging')).toMatch(/attribute condition[\s\S]*environment: staging/);
      expect(await refusal(undefined)).toContain('attribute condition');
      pools().add(provider);
    });

    it('lets only its jobs act as an account of their own', async () => {
      await project.shell(guide.scriptOf('Reserve an account for an environment'));
      const production = project.job.exports.GANGWAY_WORKLOAD_IDENTITY_PROVIDER?.replace(
        /\w+$/,
        'production',
      );
      const theirs = { workload_identity_provider: production ?? '' };
      await project.step(key(theirs), { environment: 'production' });
      expect(await refusal('staging', theirs)).toContain('attribute condition');
      expect(await refusal('staging')).toContain('may not act as');
      expect(await refusal('production')).toContain('may not act as');
    });
  });

  it('lets jobs deploy as themselves, too', async () => {
    for (const member of [DEPLOYER, JOBS]) project.forget(member);
    expect(complaint(await project.step(key({}), { fails: true }))).toContain('may not act as');
    await project.shell(guide.grantsOf('Without a service account'));
    const themselves = { service_account: '', project_id: 'my-project' };
    await wholeJob(themselves);
    const said = complaint(await project.step(key({ ...themselves, secret: 'more' }), { fails: true }));
    expect(said).toContain(`--member="${JOBS}"`);
  });

  /** The actions of the suite in their order, as the public workflow has them; gives the image that runs. */
  async function wholeJob(inputs: Record<string, string> = {}): Promise<string> {
    const run = async (given: Scenario | Promise<Scenario>) => {
      const scenario = await given;
      return (await project.step({ ...scenario, inputs: { ...scenario.inputs, ...inputs } })).outputs;
    };
    const services = 'run.googleapis.com, firestore.googleapis.com';
    await run({ action: 'enable-service', inputs: { services } });
    const { image = '', spec = '' } = await run(build(setting, { spec_command: SPEC_COMMAND }));
    const invokers = `serviceAccount:${project.job.gatewayServiceAccount}`;
    const { url: backend = '' } = await run(serve({ image }, { invokers }));
    const document = { spec, backend, timeout: '60s' };
    const { url = '', managed_service = '' } = await run(expose(setting, document));
    const stored = await run(key({ services: managed_service, secret: 'forecast-key' }));
    expect(stored).toMatchObject({
      key: '',
      secret_version: expect.stringMatching(/forecast-key\/versions\/\d+$/),
    });
    const { key: shown = '' } = await run(key({ services: managed_service }));
    const answer = await fetch(url, { headers: { 'x-api-key': shown } });
    expect(answer.status, await answer.text()).toBe(200);
    expect((await fetch(url)).status).toBe(401);
    return image;
  }
});
