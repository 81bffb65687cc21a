/** The input for each flag of `gcloud run deploy`, `jobs deploy` and `services update-traffic` that has one. */
const INPUTS: Readonly<Record<string, string>> = {
  'add-cloudsql-instances': 'cloudsql_instances, which is the whole list',
  'add-volume': 'volumes, with its mount',
  'add-volume-mount': 'volumes, with its mount',
  'allow-unauthenticated': 'invokers: allUsers',
  args: 'args, one per line',
  'clear-cloudsql-instances': 'cloudsql_instances: none',
  'clear-env-vars': 'env_vars: {}',
  'clear-labels': 'labels: {}',
  'clear-network': 'network: none',
  'clear-network-tags': 'network_tags: none',
  'clear-secrets': 'secrets: {}',
  'clear-vpc-connector': 'vpc_connector: none',
  'clear-volume-mounts': 'volumes: none',
  'clear-volumes': 'volumes: none',
  command: 'command, one word per line',
  concurrency: 'concurrency',
  cpu: 'cpu',
  'cpu-boost': 'cpu_boost: true',
  'cpu-throttling': 'cpu_throttling: true',
  description: 'description',
  'depends-on': 'depends_on',
  'env-vars-file': 'env_vars_file, with env_vars_update_strategy: overwrite',
  'execute-now': 'execute: true',
  'execution-environment': 'execution_environment',
  gpu: 'gpu',
  'gpu-type': 'gpu_type',
  image: 'image',
  ingress: 'ingress',
  'invoker-iam-check': 'invoker_iam_check: true',
  labels: 'labels',
  'liveness-probe': 'liveness_probe',
  max: 'service_max_instances',
  'max-instances': 'max_instances',
  'max-retries': 'max_retries',
  memory: 'memory',
  min: 'service_min_instances',
  'min-instances': 'min_instances',
  network: 'network',
  'network-tags': 'network_tags',
  'no-allow-unauthenticated': 'invokers: none',
  'no-cpu-boost': 'cpu_boost: false',
  'no-cpu-throttling': 'cpu_throttling: false',
  'no-invoker-iam-check': 'invoker_iam_check: false',
  'no-session-affinity': 'session_affinity: false',
  'no-traffic': 'no_traffic: true',
  'no-use-http2': 'use_http2: false',
  parallelism: 'parallelism',
  port: 'port',
  project: 'project_id',
  region: 'region',
  'readiness-probe': 'readiness_probe',
  'remove-env-vars': 'remove_env_vars',
  'remove-secrets': 'remove_secrets',
  'revision-suffix': 'suffix',
  'service-account': 'runtime_service_account',
  'session-affinity': 'session_affinity: true',
  'set-cloudsql-instances': 'cloudsql_instances',
  'set-env-vars': 'env_vars, with env_vars_update_strategy: overwrite',
  'set-secrets': 'secrets, with secrets_update_strategy: overwrite',
  source: 'image, built by build-and-push',
  'startup-probe': 'startup_probe',
  subnet: 'subnet',
  tag: 'tag',
  'task-timeout': 'request_timeout',
  tasks: 'tasks',
  timeout: 'request_timeout',
  'to-latest': 'traffic: 100',
  'to-revisions': 'revision_traffic',
  'to-tags': 'tag_traffic',
  'update-env-vars': 'env_vars',
  'update-labels': 'labels',
  'update-secrets': 'secrets',
  'use-http2': 'use_http2: true',
  'vpc-connector': 'vpc_connector',
  'vpc-egress': 'vpc_egress',
  wait: 'wait: true',
};
/** What a step does or is without. */
const NEEDLESS = new Set(['async', 'format', 'no-async', 'platform', 'quiet', 'verbosity']);

/**
 * What to write in place of gcloud's flags: the input of each, or the file for what has none.
 *
 * @param flags as in deploy-cloudrun's input `flags`. Its values are not told: one may be a secret.
 */
export function inputsForFlags(flags: string): string {
  const names = [
    ...new Set([...flags.matchAll(/(?:^|[\s"'])--([a-z][a-z0-9-]*)/g)].map(([, name = '']) => name)),
  ];
  if (names.length === 0) return 'write the inputs that the flags have here, as the README lists them';
  return names
    .map((name) => {
      if (NEEDLESS.has(name)) return `leave out --${name}`;
      const input = Object.hasOwn(INPUTS, name) ? INPUTS[name] : undefined;
      return input
        ? `for --${name} write ${input}`
        : `for --${name} see the README, or write it into the file of metadata`;
    })
    .join('; ');
}
