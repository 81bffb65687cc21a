import { ApiError } from '../../../../kernel/errors.ts';

/** What a field holds: a scalar, a map of texts, the name of a message, or one of these words; `[]` for many. */
type Field = string | readonly string[];

const EGRESS = ['VPC_EGRESS_UNSPECIFIED', 'ALL_TRAFFIC', 'PRIVATE_RANGES_ONLY'];
const EXECUTION_ENVIRONMENT = [
  'EXECUTION_ENVIRONMENT_UNSPECIFIED',
  'EXECUTION_ENVIRONMENT_GEN1',
  'EXECUTION_ENVIRONMENT_GEN2',
];
const INGRESS = ['UNSPECIFIED', 'ALL', 'INTERNAL_ONLY', 'INTERNAL_LOAD_BALANCER', 'NONE'].map(
  (word) => `INGRESS_TRAFFIC_${word}`,
);
const LAUNCH_STAGE = ['UNIMPLEMENTED', 'PRELAUNCH', 'EARLY_ACCESS', 'ALPHA', 'BETA', 'GA', 'DEPRECATED'];
const TRAFFIC = ['UNSPECIFIED', 'LATEST', 'REVISION'].map((word) => `TRAFFIC_TARGET_ALLOCATION_TYPE_${word}`);

const SPLIT = ['UNSPECIFIED', 'LATEST', 'REVISION'].map((word) => `INSTANCE_SPLIT_ALLOCATION_TYPE_${word}`);

/** Fields that messages of the API v2 have, output-only ones included (https://cloud.google.com/run/docs/reference/rpc/google.cloud.run.v2). */
const MESSAGES: Readonly<Record<string, Readonly<Record<string, Field>>>> = {
  Service: {
    ...texts('name description uid createTime updateTime deleteTime expireTime creator lastModifier client'),
    ...texts(
      'clientVersion etag uri latestReadyRevision latestCreatedRevision generation observedGeneration',
    ),
    ...booleans('invokerIamDisabled defaultUriDisabled iapEnabled reconciling satisfiesPzs'),
    ...booleans('threatDetectionEnabled'),
    ...{ labels: 'map', annotations: 'map', customAudiences: 'text[]', urls: 'text[]' },
    ...{ ingress: INGRESS, launchStage: LAUNCH_STAGE, binaryAuthorization: 'any', buildConfig: 'any' },
    ...{ template: 'RevisionTemplate', traffic: 'TrafficTarget[]', scaling: 'ServiceScaling' },
    ...{ terminalCondition: 'any', conditions: 'any', trafficStatuses: 'any' },
  },
  RevisionTemplate: {
    ...texts('revision timeout serviceAccount encryptionKey encryptionKeyShutdownDuration'),
    ...booleans('sessionAffinity healthCheckDisabled gpuZonalRedundancyDisabled'),
    ...{ labels: 'map', annotations: 'map', scaling: 'RevisionScaling', vpcAccess: 'VpcAccess' },
    ...{ containers: 'Container[]', volumes: 'Volume[]', maxInstanceRequestConcurrency: 'number' },
    ...{ executionEnvironment: EXECUTION_ENVIRONMENT, encryptionKeyRevocationAction: 'text' },
    ...{ nodeSelector: 'NodeSelector', serviceMesh: 'any' },
  },
  Job: {
    ...texts(
      'name uid createTime updateTime deleteTime expireTime creator lastModifier client clientVersion',
    ),
    ...texts('etag generation observedGeneration startExecutionToken runExecutionToken'),
    ...booleans('reconciling satisfiesPzs'),
    ...{ labels: 'map', annotations: 'map', launchStage: LAUNCH_STAGE, binaryAuthorization: 'any' },
    ...{ template: 'ExecutionTemplate', executionCount: 'number', latestCreatedExecution: 'any' },
    ...{ terminalCondition: 'any', conditions: 'any' },
  },
  ExecutionTemplate: {
    ...{
      labels: 'map',
      annotations: 'map',
      parallelism: 'number',
      taskCount: 'number',
      template: 'TaskTemplate',
    },
  },
  TaskTemplate: {
    ...texts('timeout serviceAccount encryptionKey'),
    ...{ containers: 'Container[]', volumes: 'Volume[]', maxRetries: 'number', vpcAccess: 'VpcAccess' },
    ...{ executionEnvironment: EXECUTION_ENVIRONMENT, nodeSelector: 'NodeSelector' },
  },
  WorkerPool: {
    ...texts('name description uid createTime updateTime deleteTime expireTime creator lastModifier client'),
    ...texts('clientVersion etag latestReadyRevision latestCreatedRevision generation observedGeneration'),
    ...booleans('reconciling satisfiesPzs threatDetectionEnabled'),
    ...{ labels: 'map', annotations: 'map', launchStage: LAUNCH_STAGE, binaryAuthorization: 'any' },
    ...{
      template: 'WorkerPoolRevisionTemplate',
      instanceSplits: 'InstanceSplit[]',
      customAudiences: 'text[]',
    },
    ...{
      scaling: 'WorkerPoolScaling',
      instanceSplitStatuses: 'any',
      terminalCondition: 'any',
      conditions: 'any',
    },
  },
  WorkerPoolRevisionTemplate: {
    ...texts('revision serviceAccount encryptionKey encryptionKeyShutdownDuration client clientVersion'),
    ...{ labels: 'map', annotations: 'map', vpcAccess: 'VpcAccess', gpuZonalRedundancyDisabled: 'boolean' },
    ...{ containers: 'Container[]', volumes: 'Volume[]', encryptionKeyRevocationAction: 'text' },
    ...{ nodeSelector: 'NodeSelector', serviceMesh: 'any', sandboxes: 'any' },
  },
  WorkerPoolScaling: numbers('manualInstanceCount'),
  InstanceSplit: { type: SPLIT, revision: 'text', percent: 'number' },
  Container: {
    ...texts('name image workingDir baseImageUri'),
    ...{ command: 'text[]', args: 'text[]', dependsOn: 'text[]', env: 'EnvVar[]', ports: 'ContainerPort[]' },
    ...{ resources: 'ResourceRequirements', volumeMounts: 'VolumeMount[]', buildInfo: 'any' },
    ...{ startupProbe: 'Probe', livenessProbe: 'Probe', readinessProbe: 'Probe' },
  },
  EnvVar: { name: 'text', value: 'text', valueSource: 'EnvVarSource' },
  EnvVarSource: { secretKeyRef: 'SecretKeySelector' },
  SecretKeySelector: { secret: 'text', version: 'text' },
  ContainerPort: { name: 'text', containerPort: 'number' },
  ResourceRequirements: { limits: 'map', ...booleans('cpuIdle startupCpuBoost') },
  VolumeMount: texts('name mountPath'),
  Probe: {
    ...numbers('initialDelaySeconds timeoutSeconds periodSeconds failureThreshold'),
    ...{ httpGet: 'HTTPGetAction', tcpSocket: 'TCPSocketAction', grpc: 'GRPCAction' },
  },
  HTTPGetAction: { path: 'text', port: 'number', httpHeaders: 'HTTPHeader[]' },
  HTTPHeader: texts('name value'),
  TCPSocketAction: { port: 'number' },
  GRPCAction: { port: 'number', service: 'text' },
  Volume: {
    ...{
      name: 'text',
      secret: 'SecretVolumeSource',
      emptyDir: 'EmptyDirVolumeSource',
      nfs: 'NFSVolumeSource',
    },
    ...{ cloudSqlInstance: 'CloudSqlInstance', gcs: 'GCSVolumeSource' },
  },
  SecretVolumeSource: { secret: 'text', items: 'VersionToPath[]', defaultMode: 'number' },
  VersionToPath: { path: 'text', version: 'text', mode: 'number' },
  EmptyDirVolumeSource: { medium: ['MEDIUM_UNSPECIFIED', 'MEMORY'], sizeLimit: 'text' },
  CloudSqlInstance: { instances: 'text[]' },
  GCSVolumeSource: { bucket: 'text', mountOptions: 'text[]', readOnly: 'boolean' },
  NFSVolumeSource: { server: 'text', path: 'text', readOnly: 'boolean' },
  VpcAccess: { connector: 'text', egress: EGRESS, networkInterfaces: 'NetworkInterface[]' },
  NetworkInterface: { network: 'text', subnetwork: 'text', tags: 'text[]' },
  NodeSelector: { accelerator: 'text' },
  RevisionScaling: numbers('minInstanceCount maxInstanceCount'),
  ServiceScaling: {
    ...numbers('minInstanceCount maxInstanceCount manualInstanceCount'),
    scalingMode: ['SCALING_MODE_UNSPECIFIED', 'AUTOMATIC', 'MANUAL'],
  },
  TrafficTarget: { type: TRAFFIC, revision: 'text', percent: 'number', tag: 'text' },
};

/**
 * Checks a request against the message it must be, as the JSON front of Google's APIs does.
 *
 * @param at where it lies in the request: `service`, `job` or `worker_pool`
 * @throws ApiError INVALID_ARGUMENT with each field that is not known, or is of another type
 */
export function checkMessage(value: unknown, message: 'Service' | 'Job' | 'WorkerPool', at: string): void {
  const wrong = [...problems(value, message, at)];
  if (wrong.length === 0) return;
  throw new ApiError('INVALID_ARGUMENT', `Invalid JSON payload received. ${wrong.join('\n')}`, [
    {
      '@type': 'type.googleapis.com/google.rpc.BadRequest',
      fieldViolations: wrong.map((description) => ({ field: at, description })),
    },
  ]);
}

function* problems(value: unknown, field: Field, at: string): Generator<string> {
  if (value === undefined || field === 'any') return;
  if (typeof field !== 'string') {
    if (typeof value !== 'string' || !field.includes(value)) yield `Invalid value at '${at}', ${show(value)}`;
    return;
  }
  if (field.endsWith('[]')) {
    if (!Array.isArray(value)) yield `Invalid value at '${at}', ${show(value)}`;
    else
      for (const [index, item] of value.entries())
        yield* problems(item, field.slice(0, -2), `${at}[${index}]`);
    return;
  }
  const known = MESSAGES[field];
  if (!known) {
    if (!isScalar(value, field)) yield `Invalid value at '${at}' (${TYPES[field]}), ${show(value)}`;
    return;
  }
  if (typeof value !== 'object' || Array.isArray(value)) {
    yield `Invalid value at '${at}' (type.googleapis.com/google.cloud.run.v2.${field}), ${show(value)}`;
    return;
  }
  for (const [name, inner] of Object.entries(value ?? {})) {
    const of = known[name];
    if (of === undefined) yield `Unknown name "${name}" at '${at}': Cannot find field.`;
    else
      yield* problems(inner, of, `${at}.${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`);
  }
}

const TYPES: Readonly<Record<string, string>> = {
  text: 'TYPE_STRING',
  number: 'TYPE_INT32',
  boolean: 'TYPE_BOOL',
  map: 'TYPE_STRING',
};

function isScalar(value: unknown, type: string): boolean {
  if (type === 'number') return Number.isInteger(value) || (typeof value === 'string' && /^\d+$/.test(value));
  if (type === 'boolean') return typeof value === 'boolean';
  if (type === 'text') return typeof value === 'string';
  return (
    typeof value === 'object' &&
    !Array.isArray(value) &&
    Object.values(value ?? {}).every((text) => typeof text === 'string')
  );
}

function show(value: unknown): string {
  return JSON.stringify(value);
}

function texts(names: string): Record<string, string> {
  return Object.fromEntries(names.split(' ').map((name) => [name, 'text']));
}

function booleans(names: string): Record<string, string> {
  return Object.fromEntries(names.split(' ').map((name) => [name, 'boolean']));
}

function numbers(names: string): Record<string, string> {
  return Object.fromEntries(names.split(' ').map((name) => [name, 'number']));
}
