import type { Job } from '../helpers/job.ts';
import type { Make, Scenario, Setting } from './scenario.ts';

const RUNTIME = 'forecast@my-project.iam.gserviceaccount.com';
let count = 0;

/** Those of Compute Engine, by section of the guide and by permission. */
export const COMPUTE: Readonly<Record<string, Readonly<Record<string, Make>>>> = {
  'deploy-compute': {
    'compute.instances.get': () => runOn({ instance: `new-${++count}` }),
    'compute.instances.create': () => runOn({ instance: `new-${++count}` }),
    'compute.instances.setMetadata': (setting) => changed(setting, { env_vars: `N=${++count}` }),
    'compute.instances.setTags': (setting) => changed(setting, { tags: `n${++count}` }),
    'compute.instances.setLabels': (setting) => changed(setting, { labels: `n=${++count}` }),
    'compute.instances.setServiceAccount': () => runOn({ instance: `new-${++count}` }),
    'compute.instances.reset': (setting) => changed(setting, { env_vars: `N=${++count}` }),
    'compute.instances.start': async (setting) => {
      const scenario = await changed(setting, {});
      await asOwner(setting.job, `${ZONE}/instances/app/stop`);
      return scenario;
    },
    'compute.instances.getGuestAttributes': (setting) => changed(setting, {}),
    'compute.disks.create': () => runOn({ instance: `new-${++count}` }),
    'compute.subnetworks.use': () => runOn({ instance: `new-${++count}` }),
    'compute.subnetworks.useExternalIp': () => runOn({ instance: `new-${++count}` }),
    'compute.addresses.get': (setting) => atAddress(setting),
    'compute.addresses.use': (setting) => atAddress(setting),
    'compute.zoneOperations.get': (setting) => changed(setting, { labels: `n=${++count}` }),
  },
  'Let deploy-compute replace instances': {
    'compute.instances.addAccessConfig': (setting) => replaced(setting),
    'compute.instances.deleteAccessConfig': (setting) => replaced(setting),
    'compute.instances.delete': (setting) => replaced(setting),
  },
  'Let deploy-compute reserve addresses and open ports': {
    'compute.addresses.create': () => opened({ address: `new-${++count}`, create_address: 'true' }),
    'compute.regionOperations.get': () => opened({ address: `new-${++count}`, create_address: 'true' }),
    'compute.firewalls.get': () => opened({ allow_from: '10.0.0.0/8' }),
    'compute.firewalls.create': () => opened({ allow_from: '10.0.0.0/8' }),
    'compute.firewalls.update': async ({ step }) => {
      const scenario = opened({ allow_from: '10.0.0.0/8' });
      await step(scenario);
      return { ...scenario, inputs: { ...scenario.inputs, allow_from: '192.168.0.0/16' } };
    },
    'compute.networks.updatePolicy': () => opened({ allow_from: '10.0.0.0/8' }),
    'compute.globalOperations.get': () => opened({ allow_from: '10.0.0.0/8' }),
  },
  'Let deploy-compute run groups': {
    'compute.instanceGroupManagers.get': () => inGroup({}),
    'compute.instanceGroupManagers.create': () => inGroup({}),
    'compute.instanceGroupManagers.update': (setting) => again(setting, { env_vars: 'N=1' }),
    'compute.instanceTemplates.get': (setting) => again(setting, { env_vars: 'N=1' }),
    'compute.instanceTemplates.create': () => inGroup({}),
    'compute.instanceTemplates.useReadOnly': () => inGroup({}),
    'compute.instanceTemplates.list': (setting) => again(setting, { env_vars: 'N=1' }, { warns: true }),
    'compute.instanceTemplates.delete': (setting) =>
      again(setting, { env_vars: 'N=1', keep_templates: '0' }, { warns: true }),
    'compute.healthChecks.get': () => inGroup({ health_check: '/' }),
    'compute.healthChecks.create': () => inGroup({ health_check: '/' }),
    'compute.healthChecks.update': (setting) => again(setting, { health_check: '/healthz' }),
    'compute.firewalls.get': () => inGroup({ health_check: '/' }),
    'compute.firewalls.create': () => inGroup({ health_check: '/' }),
    'compute.firewalls.update': (setting) => again(setting, { health_check: '/', ports: '81:8080' }),
    'compute.networks.updatePolicy': () => inGroup({ health_check: '/' }),
    'compute.globalOperations.get': () => inGroup({}),
    'compute.regionOperations.get': () => inGroup({ zone: '', region: 'us-central1' }),
  },
};

const ZONE = 'zones/us-central1-a';

/** An image by digest: the machines of this test pull none. */
const MACHINE_IMAGE = `us-central1-docker.pkg.dev/my-project/apis/app@sha256:${'a'.repeat(64)}`;

function runOn(inputs: Readonly<Record<string, string>>): Scenario {
  const given = {
    zone: 'us-central1-a',
    image: MACHINE_IMAGE,
    runtime_service_account: RUNTIME,
    timeout: '20s',
  };
  return { action: 'deploy-compute', inputs: { ...given, ports: '80:8080', ...inputs } };
}

/** A change of an instance that is there. */
async function changed({ step }: Setting, inputs: Readonly<Record<string, string>>): Promise<Scenario> {
  await step(runOn({ instance: 'app' }));
  return runOn({ instance: 'app', ...inputs });
}

/** What the project's owner does on Compute Engine; waits until it is done. */
async function asOwner({ cloud }: Job, path: string, body: object = {}): Promise<void> {
  const owner = { member: 'user:owner@example.com', memberOf: [], email: 'owner@example.com' };
  const headers = { authorization: `Bearer ${cloud.tokens.issue(owner, 60).token}` };
  const ask = async (at: string, given?: object) => {
    const options = given ? { method: 'POST', body: JSON.stringify(given) } : {};
    const answer = await fetch(`${cloud.origin}/compute/v1/projects/my-project/${at}`, {
      headers,
      ...options,
    });
    return (await answer.json()) as { selfLink: string };
  };
  const { selfLink } = await ask(path, body);
  await ask(`${selfLink.replace(/^.*\/projects\/my-project\//, '')}/wait`, {});
}

/** A new instance at an address that is there. */
async function atAddress({ job }: Setting): Promise<Scenario> {
  const name = `new-${++count}`;
  await asOwner(job, 'regions/us-central1/addresses', { name });
  return runOn({ instance: name, address: name });
}

async function replaced(setting: Setting): Promise<Scenario> {
  const scenario = await atAddress(setting);
  await setting.step(scenario);
  return { ...scenario, inputs: { ...scenario.inputs, strategy: 'replace', env_vars: 'N=1' } };
}

function opened(inputs: Readonly<Record<string, string>>): Scenario {
  return runOn({ instance: `new-${++count}`, ...inputs });
}

function inGroup(inputs: Readonly<Record<string, string>>): Scenario {
  return runOn({ group: `group-${++count}`, ...inputs });
}

/** Another deploy to a group that is there. */
async function again(
  { step }: Setting,
  inputs: Readonly<Record<string, string>>,
  more: Partial<Scenario> = {},
): Promise<Scenario> {
  const scenario = inGroup({ health_check: '/' });
  await step(scenario);
  return { ...scenario, inputs: { ...scenario.inputs, ...inputs }, ...more };
}
