import { anything, fields, flag, list, map, number, object, type Reader, text } from '@gangway/http';
import type {
  Condition,
  Container,
  EnvVar,
  Execution,
  ExecutionTemplate,
  InstanceSplit,
  Job,
  PoolTemplate,
  Probe,
  Revision,
  Service,
  TaskTemplate,
  Template,
  TrafficStatus,
  Volume,
  VpcAccess,
  WorkerPool,
  Workload,
} from './resources.ts';

/** What the API's answers must be like, as far as this action reads them. */

type Scaling = NonNullable<Template['scaling']>;
type Resources = NonNullable<Container['resources']>;
type Port = NonNullable<Container['ports']>[number];
type Mount = NonNullable<Container['volumeMounts']>[number];
type Reference = NonNullable<NonNullable<EnvVar['valueSource']>['secretKeyRef']>;
type HttpGet = NonNullable<Probe['httpGet']>;
type Header = NonNullable<HttpGet['httpHeaders']>[number];
type Grpc = NonNullable<Probe['grpc']>;
type Secret = NonNullable<Volume['secret']>;
type Item = NonNullable<Secret['items']>[number];
type Network = NonNullable<VpcAccess['networkInterfaces']>[number];
type Gcs = NonNullable<Volume['gcs']>;
type Nfs = NonNullable<Volume['nfs']>;

const TEXTS = list(text);
const LABELS = map(text);
/** A number or a text, as it came. */
const SCALAR = anything as Reader<string | number>;

export const CONDITION = fields<Condition>({
  type: text,
  state: text,
  message: text,
  reason: text,
  revisionReason: text,
});

const ENV: Reader<EnvVar> = fields<EnvVar>(
  {
    name: text,
    value: text,
    valueSource: fields<NonNullable<EnvVar['valueSource']>>({
      secretKeyRef: fields<Reference>({ secret: text, version: text }, 'secret'),
    }),
  },
  'name',
);

const PROBE = fields<Probe>({
  initialDelaySeconds: number,
  timeoutSeconds: number,
  periodSeconds: number,
  failureThreshold: number,
  httpGet: fields<HttpGet>({
    path: text,
    port: number,
    httpHeaders: list(fields<Header>({ name: text, value: text }, 'name')),
  }),
  tcpSocket: fields<{ port?: number }>({ port: number }),
  grpc: fields<Grpc>({ port: number, service: text }),
});

const CONTAINER = fields<Container>({
  name: text,
  image: text,
  command: TEXTS,
  args: TEXTS,
  workingDir: text,
  env: list(ENV),
  ports: list(fields<Port>({ name: text, containerPort: number })),
  resources: fields<Resources>({ limits: LABELS, cpuIdle: flag, startupCpuBoost: flag }),
  startupProbe: PROBE,
  livenessProbe: PROBE,
  readinessProbe: PROBE,
  volumeMounts: list(fields<Mount>({ name: text, mountPath: text, subPath: text }, 'name', 'mountPath')),
  dependsOn: TEXTS,
  baseImageUri: text,
  sandboxLauncher: flag,
});

const VOLUME = fields<Volume>(
  {
    name: text,
    secret: fields<Secret>(
      {
        secret: text,
        items: list(fields<Item>({ path: text, version: text, mode: number }, 'path')),
        defaultMode: number,
      },
      'secret',
    ),
    cloudSqlInstance: fields<{ instances?: readonly string[] }>({ instances: TEXTS }),
    emptyDir: fields<NonNullable<Volume['emptyDir']>>({ medium: text, sizeLimit: text }),
    gcs: fields<Gcs>({ bucket: text, readOnly: flag, mountOptions: TEXTS }, 'bucket'),
    nfs: fields<Nfs>({ server: text, path: text, readOnly: flag }, 'server'),
    filestore: fields<{ volume?: string }>({ volume: text }),
  },
  'name',
);

const WORKLOAD = {
  serviceAccount: text,
  containers: list(CONTAINER),
  volumes: list(VOLUME),
  vpcAccess: fields<VpcAccess>({
    connector: text,
    egress: text,
    networkInterfaces: list(fields<Network>({ network: text, subnetwork: text, tags: TEXTS })),
  }),
  executionEnvironment: text,
  encryptionKey: text,
  nodeSelector: fields<NonNullable<Workload['nodeSelector']>>({ accelerator: text }),
  timeout: text,
  sandboxes: object,
};

const { timeout: _, executionEnvironment: __, ...POOL_WORKLOAD } = WORKLOAD;

const SHARED = {
  labels: LABELS,
  annotations: LABELS,
  launchStage: text,
  binaryAuthorization: object,
  reconciling: flag,
  lastModifier: text,
  client: text,
  clientVersion: text,
};

const SPLIT = { type: text, revision: text, percent: number };
const TRAFFIC = { type: text, revision: text, percent: number, tag: text };

const OF_TEMPLATE = {
  ...WORKLOAD,
  revision: text,
  labels: LABELS,
  annotations: LABELS,
  maxInstanceRequestConcurrency: number,
  scaling: fields<Scaling>({ minInstanceCount: number, maxInstanceCount: number }),
  sessionAffinity: flag,
  healthCheckDisabled: flag,
  gpuZonalRedundancyDisabled: flag,
  encryptionKeyRevocationAction: text,
  encryptionKeyShutdownDuration: text,
  serviceMesh: fields<{ mesh?: string }>({ mesh: text }),
};

/** What a service makes revisions of, and a revision is made of. */
export const TEMPLATE = fields<Template>(OF_TEMPLATE);

/** A revision's template: the API shows of a revision much beside it, and takes none of that back. */
export function templateOf(revision: Template): Template {
  return Object.fromEntries(Object.entries(revision).filter(([name]) => Object.hasOwn(OF_TEMPLATE, name)));
}

/** A service. */
export const SERVICE = fields<Service>(
  {
    ...SHARED,
    name: text,
    etag: text,
    uri: text,
    description: text,
    ingress: text,
    scaling: map(SCALAR),
    customAudiences: TEXTS,
    buildConfig: object,
    invokerIamDisabled: flag,
    defaultUriDisabled: flag,
    iapEnabled: flag,
    template: TEMPLATE,
    traffic: list(fields<NonNullable<Service['traffic']>[number]>(TRAFFIC)),
    trafficStatuses: list(fields<TrafficStatus>({ ...TRAFFIC, uri: text })),
    latestReadyRevision: text,
    latestCreatedRevision: text,
    terminalCondition: CONDITION,
  },
  'name',
);

/** A worker pool. */
export const WORKER_POOL = fields<WorkerPool>(
  {
    ...SHARED,
    name: text,
    etag: text,
    description: text,
    scaling: fields<NonNullable<WorkerPool['scaling']>>({ manualInstanceCount: number }),
    template: fields<PoolTemplate>({
      ...POOL_WORKLOAD,
      revision: text,
      labels: LABELS,
      annotations: LABELS,
      gpuZonalRedundancyDisabled: flag,
      encryptionKeyRevocationAction: text,
      encryptionKeyShutdownDuration: text,
      serviceMesh: fields<{ mesh?: string }>({ mesh: text }),
    }),
    instanceSplits: list(fields<InstanceSplit>(SPLIT)),
    instanceSplitStatuses: list(fields<InstanceSplit>(SPLIT)),
    latestReadyRevision: text,
    latestCreatedRevision: text,
    terminalCondition: CONDITION,
  },
  'name',
);

/** A job. */
export const JOB = fields<Job>(
  {
    ...SHARED,
    name: text,
    etag: text,
    startExecutionToken: text,
    runExecutionToken: text,
    template: fields<ExecutionTemplate>({
      labels: LABELS,
      annotations: LABELS,
      parallelism: number,
      taskCount: number,
      delayExecution: flag,
      template: fields<TaskTemplate>({ ...WORKLOAD, maxRetries: number }),
    }),
    terminalCondition: CONDITION,
  },
  'name',
);

/** A run of a job. */
export const EXECUTION = fields<Execution>(
  {
    name: text,
    taskCount: number,
    succeededCount: number,
    failedCount: number,
    cancelledCount: number,
    startTime: text,
    completionTime: text,
    conditions: list(CONDITION),
  },
  'name',
);

/** A revision, as far as it says whether it came up. */
export const REVISION = fields<Revision>({ conditions: list(CONDITION) });
