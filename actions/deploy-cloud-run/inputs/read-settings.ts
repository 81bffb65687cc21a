import { input, invalid } from '@gangway/action';
import { LIMITS } from '@gangway/cloud-run';
import { emptiable, readSecretReferences, STRATEGIES, shaped, word } from '@gangway/settings';
import { readSidecars } from '../knative/sidecars.ts';
import { readAudiences } from './audiences.ts';
import { readGpu } from './gpu.ts';
import { checkEnvNames, readEnv } from './pairs/env.ts';
import { readLabelPairs } from './pairs/labels.ts';
import { readRemovals } from './pairs/removals.ts';
import { readProbe } from './probes.ts';
import type { JobInputs, Labels, PoolInputs, ServiceInputs, Settings } from './settings.ts';
import { readVolumes } from './volumes.ts';
import { readVpc } from './vpc.ts';

/** The settings that services and jobs have in common. @throws ActionError that names the input */
export function readSettings(): Settings {
  const env = readEnv();
  const secrets = readSecrets();
  for (const name of Object.keys(secrets ?? {}))
    if (env && Object.hasOwn(env, name))
      throw invalid('secrets', name, `${name} is in env_vars too; keep one`);
  const removeEnv = readRemovals('remove_env_vars', input.list('remove_env_vars'), env, 'env_vars');
  const removeSecrets = readRemovals('remove_secrets', input.list('remove_secrets'), secrets, 'secrets');
  return {
    env,
    envStrategy: input.choice('env_vars_update_strategy', STRATEGIES),
    secrets,
    secretsStrategy: input.choice('secrets_update_strategy', STRATEGIES),
    cpu: shaped(
      'cpu',
      input.optional('cpu'),
      /^(0\.\d+|[1-8])$|^\d{2,4}m$/,
      'write a number of CPUs such as 0.5, 1, 2, 4, 6 or 8',
    ),
    memory: shaped(
      'memory',
      input.optional('memory'),
      /^\d+(\.\d+)?(Mi|Gi|M|G)$/,
      'write an amount such as 512Mi or 2Gi',
    ),
    command: emptiable(input.words('command')),
    args: emptiable(input.words('args')),
    serviceAccount: shaped(
      'runtime_service_account',
      input.optional('runtime_service_account'),
      /^[^@\s:]+@[^@\s]+\.gserviceaccount\.com$/,
      'write the email address of a service account',
    ),
    executionEnvironment: word('execution_environment', input.optional('execution_environment'), {
      gen1: 'EXECUTION_ENVIRONMENT_GEN1',
      gen2: 'EXECUTION_ENVIRONMENT_GEN2',
    }),
    vpc: readVpc(),
    cloudSql: readCloudSql(),
    sidecars: readSidecars(input.optional('sidecars')),
    dependsOn: emptiable(input.list('depends_on')),
    ...readGpu(),
    volumes: readVolumes(),
    removeEnv,
    removeSecrets,
    timeout: input.optional('request_timeout') && `${input.duration('request_timeout') / 1000}s`,
  };
}

export function readServiceInputs(): ServiceInputs {
  const minInstances = input.integer('min_instances', { min: 0, max: 1000 });
  const maxInstances = input.integer('max_instances', { min: 1, max: 1000 });
  if (minInstances !== undefined && maxInstances !== undefined && minInstances > maxInstances)
    throw invalid(
      'min_instances',
      String(minInstances),
      `it must not be more than max_instances, ${maxInstances}`,
    );
  const serviceMinInstances = input.integer('service_min_instances', { min: 0, max: 1000 });
  const serviceMaxInstances = input.integer('service_max_instances', { min: 1, max: 1000 });
  if (
    serviceMinInstances !== undefined &&
    serviceMaxInstances !== undefined &&
    serviceMinInstances > serviceMaxInstances
  )
    throw invalid(
      'service_min_instances',
      String(serviceMinInstances),
      `it must not be more than service_max_instances, ${serviceMaxInstances}`,
    );
  return {
    minInstances,
    maxInstances,
    serviceMinInstances,
    serviceMaxInstances,
    customAudiences: readAudiences(),
    invokerIamCheck: flag('invoker_iam_check', input.optional('invoker_iam_check')),
    concurrency: input.integer('concurrency', range(LIMITS.concurrency)),
    port: input.integer('port', { min: 1, max: 65535 }),
    http2: flag('use_http2', input.optional('use_http2')),
    startupProbe: readProbe('startup_probe', input.list('startup_probe')),
    livenessProbe: readProbe('liveness_probe', input.list('liveness_probe')),
    readinessProbe: readProbe('readiness_probe', input.list('readiness_probe')),
    cpuThrottling: flag('cpu_throttling', input.optional('cpu_throttling')),
    cpuBoost: flag('cpu_boost', input.optional('cpu_boost')),
    sessionAffinity: flag('session_affinity', input.optional('session_affinity')),
    ingress: word('ingress', input.optional('ingress'), {
      all: 'INGRESS_TRAFFIC_ALL',
      internal: 'INGRESS_TRAFFIC_INTERNAL_ONLY',
      'internal-and-cloud-load-balancing': 'INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER',
    }),
    description: input.optional('description'),
    suffix: shaped(
      'suffix',
      input.optional('suffix'),
      /^[a-z0-9]([a-z0-9-]{0,40}[a-z0-9])?$/,
      'use lower-case letters, digits and dashes, not a dash last',
    ),
  };
}

export function readJobInputs(): JobInputs {
  const wait = flag('wait', input.optional('wait'));
  return {
    tasks: input.integer('tasks', range(LIMITS.tasks)),
    parallelism: input.integer('parallelism', { min: 0, max: LIMITS.tasks.most }),
    maxRetries: input.integer('max_retries', range(LIMITS.retries)),
    // As the peer has it, waiting for an execution asks for one.
    execute: input.boolean('execute') || wait === true,
    wait: wait ?? true,
  };
}

export function readPoolInputs(): PoolInputs {
  return { instances: input.integer('instances', { min: 0, max: 1000 }) };
}

export function readLabels(): Labels {
  const given = readLabelPairs();
  return {
    given,
    removed: readRemovals('remove_labels', input.list('remove_labels'), given, 'labels'),
    strategy: input.choice('labels_update_strategy', STRATEGIES),
    defaults: defaultLabels(),
  };
}

/** The labels that google-github-actions/deploy-cloudrun sets. */
function defaultLabels(): Labels['defaults'] {
  const { GITHUB_SHA: commit = '' } = process.env;
  const isLabel = /^[a-z0-9_-]{1,63}$/i.test(commit);
  return { 'managed-by': 'github-actions', ...(isLabel && { 'commit-sha': commit.toLowerCase() }) };
}

function readSecrets(): Settings['secrets'] {
  const pairs = input.pairList('secrets');
  if (!pairs) return undefined;
  const secrets = readSecretReferences(pairs);
  checkEnvNames(
    'secrets',
    Object.keys(pairs).filter((name) => !name.startsWith('/')),
  );
  return secrets;
}

function readCloudSql(): Settings['cloudSql'] {
  const instances = emptiable(input.list('cloudsql_instances'));
  const wrong = instances?.find((name) => !/^[a-z][^:\s]*(:[^:\s]+)?:[a-z0-9-]+:[a-z][a-z0-9-]*$/.test(name));
  if (wrong !== undefined)
    throw invalid('cloudsql_instances', wrong, 'write connection names, PROJECT:REGION:INSTANCE');
  return instances;
}

function range({ least, most }: { readonly least: number; readonly most: number }) {
  return { min: least, max: most };
}

function flag(name: string, value: string | undefined): boolean | undefined {
  if (value === undefined) return undefined;
  if (!/^(true|True|TRUE|false|False|FALSE)$/.test(value))
    throw invalid(name, value, 'write true or false, or leave it empty to keep what is there');
  return value.toLowerCase() === 'true';
}
