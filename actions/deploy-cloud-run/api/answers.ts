import { anything, fields, flag, list, map, number, object, type Reader, text } from '@gangway/http';
import type {
  Condition,
  Execution,
  ExecutionTemplate,
  InstanceSplit,
  Job,
  PoolTemplate,
  Revision,
  Service,
  TaskTemplate,
  Template,
  TrafficStatus,
  WorkerPool,
} from './resources.ts';
import { LABELS, TEXTS, WORKLOAD } from './workload-answers.ts';

/** What the API's answers must be like, as far as this action reads them. */

type Scaling = NonNullable<Template['scaling']>;

/** A number or a text, as it came. */
const SCALAR = anything as Reader<string | number>;

export const CONDITION = fields<Condition>({
  type: text,
  state: text,
  message: text,
  reason: text,
  revisionReason: text,
});

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
