import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Job } from '../helpers/job.ts';
import { COMPUTE } from './compute-scenarios.ts';
import type { Make, Scenario, Setting } from './scenario.ts';

export const REPOSITORY = 'us-central1-docker.pkg.dev/my-project/apis';
const RUNTIME = 'forecast@my-project.iam.gserviceaccount.com';
const GATEWAY = 'gateway@my-project.iam.gserviceaccount.com';

let count = 0;

/** By section of the guide and by permission: a step that can't do without it, after the setting is as it takes. */
export const SCENARIOS: Readonly<Record<string, Readonly<Record<string, Make>>>> = {
  'enable-service': {
    'serviceusage.services.get': () => enable('pubsub.googleapis.com'),
    'serviceusage.services.enable': () => enable('pubsub.googleapis.com'),
    'serviceusage.operations.get': () => enable('redis.googleapis.com'),
    'servicemanagement.services.bind': ({ job }) => {
      const service = `other${++count}.apigateway.my-project.cloud.goog`;
      job.cloud.serviceUsage.managed.set(service, 'Other');
      return enable(service);
    },
  },
  'build-and-push': {
    'artifactregistry.repositories.get': (setting) => build(setting, {}),
    'artifactregistry.repositories.downloadArtifacts': (setting) => build(setting, {}),
    'artifactregistry.repositories.uploadArtifacts': (setting) => build(setting, { labels: `n=${++count}` }),
    'artifactregistry.tags.create': (setting) => build(setting, { tags: `v${++count}` }),
    'artifactregistry.tags.update': (setting) => build(setting, { labels: `n=${++count}` }),
  },
  'Let build-and-push create repositories': {
    'artifactregistry.repositories.create': (setting) =>
      build(setting, { image: `${REPOSITORY}-${++count}/forecast` }),
  },
  "Let build-and-push change the repository's settings": {
    'artifactregistry.repositories.update': (setting) =>
      build(setting, { repository_labels: `n=${++count}` }),
    'artifactregistry.repositories.getIamPolicy': (setting) => build(setting, { readers: RUNTIME }),
    'artifactregistry.repositories.setIamPolicy': (setting) => build(setting, { readers: RUNTIME }),
  },
  'deploy-cloud-run': {
    'run.services.get': (setting) => serve(setting, {}),
    'run.services.create': (setting) => serve(setting, { service: `new-${++count}` }),
    'run.services.update': (setting) => serve(setting, { env_vars: `N=${++count}` }),
    // One that does not come up.
    'run.revisions.get': (setting) =>
      serve(setting, {
        service: `new-${++count}`,
        startup_probe: 'tcpSocket.port=1,periodSeconds=1,failureThreshold=1',
      }),
    'run.operations.get': (setting) => serve(setting, { env_vars: `N=${++count}` }),
    'run.services.getIamPolicy': (setting) => serve(setting, { invokers: `serviceAccount:${GATEWAY}` }),
    'run.services.setIamPolicy': (setting) => serve(setting, { invokers: 'allUsers' }),
    'artifactregistry.repositories.downloadArtifacts': (setting) =>
      serve(setting, { env_vars: `N=${++count}` }),
    'iam.serviceAccounts.actAs': (setting) => serve(setting, { env_vars: `N=${++count}` }),
    'iam.serviceAccounts.getOpenIdToken': (setting) =>
      serve(setting, {
        env_vars: `N=${++count}`,
        ...{ check_url: '/', check_timeout: '5s', invokers: `serviceAccount:${GATEWAY}` },
      }),
  },
  ...COMPUTE,
  'deploy-api-config': {
    // A new gateway for an API that is there.
    'apigateway.apis.get': (setting) => expose(setting, { gateway: `new-${++count}` }),
    'apigateway.apis.create': (setting) => expose(setting, { api: `new-${++count}` }),
    'apigateway.apis.delete': (setting) => {
      const { apis } = setting.job.cloud.apiGateway;
      const [api] = apis.values();
      const id = `broken-${++count}`;
      const name = `projects/my-project/locations/global/apis/${id}`;
      if (api) apis.set(name, { ...api, name, state: 'FAILED' });
      return expose(setting, { api: id });
    },
    'apigateway.apiconfigs.list': (setting) => expose(setting, {}),
    'apigateway.apiconfigs.get': (setting) => withConfig(setting, 'ACTIVE'),
    'apigateway.apiconfigs.create': (setting) => expose(setting, {}),
    'apigateway.apiconfigs.delete': (setting) => withConfig(setting, 'FAILED'),
    'apigateway.gateways.get': (setting) => expose(setting, {}),
    'apigateway.gateways.list': async (setting) => {
      await setting.step(await expose(setting, {}));
      return expose(setting, { keep_configs: '1' });
    },
    'apigateway.gateways.create': (setting) => expose(setting, { gateway: `new-${++count}` }),
    'apigateway.gateways.update': (setting) => expose(setting, {}),
    'apigateway.locations.list': (setting) => expose(setting, { location: 'europe-north1' }),
    'apigateway.operations.get': (setting) => expose(setting, {}),
    'serviceusage.services.get': unchanged,
    'serviceusage.services.enable': (setting) => withServiceOff(setting),
    'serviceusage.operations.get': (setting) => withServiceOff(setting),
    'servicemanagement.services.bind': (setting) => withServiceOff(setting),
    'iam.serviceAccounts.actAs': (setting) => expose(setting, {}),
  },
  'create-api-key': {
    'apikeys.keys.get': () => key({}),
    'apikeys.keys.create': () => key({ key_id: `new-${++count}` }),
    'apikeys.keys.update': () => key({ display_name: `Number ${++count}` }),
    'apikeys.keys.undelete': async ({ job, step }) => {
      const scenario = key({ key_id: `gone-${++count}` });
      const { outputs } = await step(scenario);
      const gone = job.cloud.apiKeys.find(outputs.name ?? '', Date.now());
      if (gone) gone.deleteTime = Date.now();
      return scenario;
    },
    'apikeys.keys.getKeyString': () => key({}),
    'serviceusage.operations.get': () => key({ key_id: `new-${++count}` }),
    'secretmanager.versions.access': () => key({ secret: 'forecast-key' }),
    'secretmanager.versions.add': () => key({ key_id: `new-${++count}`, secret: 'forecast-key' }),
  },
  'Let create-api-key create secrets': {
    'secretmanager.secrets.create': () => key({ secret: `gateway-${++count}` }),
  },
  'Let deploy-cloud-run delete previews': {
    'run.revisions.list': (setting) => ofPullRequest(setting, 'closed', serve(setting, {}), { warns: true }),
    // The revision before this one.
    'run.revisions.delete': async (setting) => {
      const preview = () =>
        ofPullRequest(setting, 'synchronize', serve(setting, { env_vars: `N=${++count}` }));
      await setting.step(await preview());
      return { ...(await preview()), warns: true };
    },
    'apigateway.gateways.delete': async (setting) => {
      const id = leaveGateway(setting.job, `-pr-${PULL}`);
      return ofPullRequest(setting, 'closed', await expose(setting, { gateway: id, spec: '', backend: '' }));
    },
    'artifactregistry.tags.delete': async (setting) => {
      await setting.step(build(setting, { tags: `pr-${PULL}` }));
      return build(setting, { tags: `pr-${PULL}`, untag: 'true', build_args: '' });
    },
  },
  'Let deploy-gke deploy to a cluster': {
    'container.clusters.get': ({ job: { cloud } }) => {
      cloud.serviceUsage.enabled.add('container.googleapis.com');
      return {
        action: 'deploy-gke',
        inputs: { cluster_name: 'main', location: 'us-central1', deployment: 'web', image: 'nginx:1' },
      };
    },
  },
  'Let teardown delete an app': {
    'apigateway.gateways.list': () => takeDown({ api: 'forecast' }),
    'apigateway.gateways.delete': ({ job }) => takeDown({ gateway: leaveGateway(job) }),
    'apigateway.apis.get': () => takeDown({ api: 'forecast' }),
    'apigateway.apis.delete': ({ job }) => takeDown({ api: leaveApi(job) }),
    'apigateway.apiconfigs.list': () => takeDown({ api: 'forecast' }),
    'apigateway.apiconfigs.delete': ({ job }) => takeDown({ api: leaveApi(job, 'config') }),
    'apigateway.operations.get': ({ job }) => takeDown({ api: leaveApi(job) }),
    'apikeys.keys.get': () => takeDown({ key_id: 'forecast' }),
    'apikeys.keys.delete': ({ job }) => takeDown({ key_id: leaveKey(job) }),
    'serviceusage.operations.get': ({ job }) => takeDown({ key_id: leaveKey(job) }),
    'run.services.get': () => takeDown({ service: 'forecast' }),
    'run.services.delete': ({ job }) => takeDown({ service: leaveService(job) }),
    'run.jobs.get': () => takeDown({ job: 'forecast' }),
    'run.jobs.delete': ({ job }) => takeDown({ job: leaveJob(job) }),
    'run.workerpools.get': () => takeDown({ worker_pool: 'forecast' }),
    'run.workerpools.delete': ({ job }) => takeDown({ worker_pool: leaveWorkerPool(job) }),
    'run.operations.get': ({ job }) => takeDown({ service: leaveService(job) }),
    'run.locations.list': () => takeDown({ image: `${REPOSITORY}/forecast` }),
    'run.revisions.list': () => takeDown({ image: `${REPOSITORY}/forecast` }),
    'run.jobs.list': () => takeDown({ image: `${REPOSITORY}/forecast` }),
    'run.workerpools.list': () => takeDown({ image: `${REPOSITORY}/forecast` }),
    'artifactregistry.versions.list': () => takeDown({ image: `${REPOSITORY}/forecast` }),
    'artifactregistry.repositories.downloadArtifacts': () => takeDown({ image: `${REPOSITORY}/forecast` }),
    'artifactregistry.versions.delete': ({ job }) => {
      leaveVersion(job);
      return takeDown({ image: `${REPOSITORY}/forecast` });
    },
  },
};

function enable(services: string): Scenario {
  return { action: 'enable-service', inputs: { services, timeout: '1s' } };
}

function takeDown(inputs: Readonly<Record<string, string>>): Scenario {
  const given = { region: 'us-central1', dry_run: 'false', timeout: '5s' };
  return { action: 'teardown', inputs: { ...given, ...inputs } };
}

const HOME = 'projects/my-project/locations';

const PULL = 7;

/** A step of a pull request of the repository's own. */
async function ofPullRequest(
  { documents }: Pick<Setting, 'documents'>,
  action: string,
  { inputs, ...scenario }: Scenario,
  more: Partial<Scenario> = {},
): Promise<Scenario> {
  const event = join(documents, `event-${++count}.json`);
  await writeFile(event, JSON.stringify({ action, pull_request: { number: PULL } }));
  return {
    ...scenario,
    inputs: { ...inputs, pull_request: 'true' },
    env: { GITHUB_EVENT_PATH: event },
    ...more,
  };
}

/**
 * What an earlier run left behind: a copy of what is there, under another name. Gives its id.
 *
 * @param preview what follows the id in the name of a pull request's gateway
 */
function leaveGateway({ cloud }: Job, preview = ''): string {
  const id = `left-${++count}`;
  const { gateways } = cloud.apiGateway;
  const [gateway] = gateways.values();
  const name = `${HOME}/us-central1/gateways/${id}${preview}`;
  const labels = preview && { labels: { ...gateway?.labels, 'gangway-preview': `pr-${PULL}` } };
  if (gateway) gateways.set(name, { ...gateway, ...labels, name, state: 'ACTIVE' });
  return id;
}

function leaveApi({ cloud }: Job, more?: 'config'): string {
  const id = `left-${++count}`;
  const { apis, configs } = cloud.apiGateway;
  const [api] = apis.values();
  const [config] = configs.values();
  const name = `${HOME}/global/apis/${id}`;
  if (api) apis.set(name, { ...api, name, state: 'ACTIVE' });
  const configName = `${name}/configs/one`;
  if (more && config) configs.set(configName, { ...config, name: configName, state: 'ACTIVE' });
  return id;
}

function leaveKey({ cloud }: Job): string {
  const id = `left-${++count}`;
  const [key] = cloud.apiKeys.list(Date.now());
  const annotations = { 'gangway-run': 'earlier' };
  const name = `projects/${cloud.project.number}/locations/global/keys/${id}`;
  if (key) cloud.apiKeys.add({ ...key, name, annotations, deleteTime: undefined });
  return id;
}

function leaveService({ cloud }: Job): string {
  const id = `left-${++count}`;
  const service = cloud.run.find(`${HOME}/us-central1/services/forecast`);
  if (service) cloud.run.add({ ...service.resource, name: `${HOME}/us-central1/services/${id}` });
  return id;
}

function leaveJob({ cloud }: Job): string {
  const id = `left-${++count}`;
  const name = `${HOME}/us-central1/jobs/${id}`;
  const { common, instance } = workloadOf(cloud);
  const task = { ...instance, maxRetries: 3, timeout: '600s' };
  const template = { taskCount: 1, template: task };
  const resource = { ...common, name, template, executionCount: 0 };
  cloud.runJobs.jobs.set(name, { resource, executions: new Map() });
  return id;
}

function leaveWorkerPool({ cloud }: Job): string {
  const id = `left-${++count}`;
  const name = `${HOME}/us-central1/workerPools/${id}`;
  const { common, instance } = workloadOf(cloud);
  const resource = { ...common, name, template: instance, instanceSplits: [], latestCreatedRevision: '' };
  cloud.workerPools.pools.set(name, { resource, revisions: new Map(), queue: Promise.resolve() });
  return id;
}

/** What jobs and worker pools have of a service, too: all but what only takes requests. */
function workloadOf(cloud: Job['cloud']) {
  const service = cloud.run.find(`${HOME}/us-central1/services/forecast`)?.resource;
  if (!service) throw new Error('there is no service');
  const { uid, generation, observedGeneration, createTime, updateTime, creator, lastModifier } = service;
  const { labels = {}, annotations = {}, launchStage, terminalCondition, conditions } = service;
  const { containers, serviceAccount } = service.template;
  return {
    common: {
      ...{ uid, generation, observedGeneration, createTime, updateTime, creator, lastModifier },
      ...{ labels, annotations, launchStage, terminalCondition, conditions, reconciling: false },
      etag: service.etag,
    },
    instance: { containers, serviceAccount },
  };
}

/** A version of the image that no service runs. */
function leaveVersion({ cloud }: Job): void {
  const { images } = cloud.artifactRegistry.find(`${HOME}/us-central1/repositories/apis`) ?? {};
  const [manifest] = images?.get('forecast')?.manifests.values() ?? [];
  if (!images || !manifest) throw new Error('there is no image');
  const { mediaType, ...content } = JSON.parse(manifest.bytes.toString()) as { mediaType: string };
  const bytes = Buffer.from(JSON.stringify({ mediaType, ...content, annotations: { left: `${++count}` } }));
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  images.put('forecast', { ...manifest, bytes, digest }, { now: 0, buildTime: undefined, tag: undefined });
}

export function build(
  { source, base }: Pick<Setting, 'source' | 'base'>,
  inputs: Readonly<Record<string, string>>,
): Scenario {
  const given = { image: `${REPOSITORY}/forecast`, tags: 'latest', build_args: `BASE=${base}` };
  return { action: 'build-and-push', inputs: { ...given, ...inputs }, workspace: source };
}

export function serve({ image }: Pick<Setting, 'image'>, inputs: Readonly<Record<string, string>>): Scenario {
  const given = { service: 'forecast', region: 'us-central1', image, runtime_service_account: RUNTIME };
  return { action: 'deploy-cloud-run', inputs: { ...given, ...inputs } };
}

/** Deploys a document that is new, unless the inputs name one. */
export async function expose(
  { documents }: Pick<Setting, 'documents'>,
  inputs: Readonly<Record<string, string>>,
): Promise<Scenario> {
  const spec = `document-${++count}.json`;
  const paths = {
    [`/path-${count}`]: { get: { operationId: 'get', responses: { 200: { description: 'OK' } } } },
  };
  const document = { openapi: '3.0.3', info: { title: 'Forecast', version: '1' }, paths };
  await writeFile(join(documents, spec), JSON.stringify(document));
  const given = {
    api: 'forecast',
    location: 'us-central1',
    spec,
    backend: 'https://backend.example',
    gateway_service_account: GATEWAY,
    verify: 'false',
    timeout: '5s',
  };
  return { action: 'deploy-api-config', inputs: { ...given, ...inputs }, workspace: documents };
}

/** Deploys what is deployed. */
async function unchanged(setting: Setting): Promise<Scenario> {
  const scenario = await expose(setting, { api: 'steady' });
  await setting.step(scenario);
  return scenario;
}

async function withServiceOff(setting: Setting): Promise<Scenario> {
  const scenario = await unchanged(setting);
  const { apiGateway, serviceUsage } = setting.job.cloud;
  for (const { managedService } of apiGateway.apis.values()) serviceUsage.enabled.delete(managedService);
  return scenario;
}

/** There is a config already of the id that the document will get. */
async function withConfig(setting: Setting, state: 'ACTIVE' | 'FAILED'): Promise<Scenario> {
  const scenario = await expose(setting, {});
  const { outputs } = await setting.step({ ...scenario, inputs: { ...scenario.inputs, dry_run: 'true' } });
  const { configs } = setting.job.cloud.apiGateway;
  const [config] = configs.values();
  const name = `projects/my-project/locations/global/apis/forecast/configs/${outputs.config}`;
  if (config) configs.set(name, { ...config, name, state });
  return scenario;
}

export function key(inputs: Readonly<Record<string, string>>): Scenario {
  const given = { key_id: 'forecast', services: 'run.googleapis.com' };
  return { action: 'create-api-key', inputs: { ...given, ...inputs } };
}
