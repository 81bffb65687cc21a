/** The input for each flag of `gcloud run deploy`, `jobs deploy` and `services update-traffic` that has one. */
const INPUTS: Readonly<Record<string, string>> = {
  'add-cloudsql-instances': 'cloudsql_instances, which is the whole list',
  'allow-unauthenticated': 'invokers: allUsers',
  args: 'args, one per line',
  'clear-env-vars': 'env_vars: {}',
  'clear-labels': 'labels: {}',
  'clear-network': 'network: none',
  'clear-network-tags': 'network_tags: none',
  'clear-secrets': 'secrets: {}',
  'clear-vpc-connector': 'vpc_connector: none',
  command: 'command, one word per line',
  concurrency: 'concurrency',
  cpu: 'cpu',
  'cpu-boost': 'cpu_boost: true',
  'cpu-throttling': 'cpu_throttling: true',
  description: 'description',
  'env-vars-file': 'env_vars_file, with env_vars_update_strategy: overwrite',
  'execute-now': 'execute: true',
  'execution-environment': 'execution_environment',
  image: 'image',
  ingress: 'ingress',
  labels: 'labels',
  'liveness-probe': 'liveness_probe',
  'max-instances': 'max_instances',
  'max-retries': 'max_retries',
  memory: 'memory',
  'min-instances': 'min_instances',
  network: 'network',
  'network-tags': 'network_tags',
  'no-allow-unauthenticated': 'invokers: none',
  'no-cpu-boost': 'cpu_boost: false',
  'no-cpu-throttling': 'cpu_throttling: false',
  'no-session-affinity': 'session_affinity: false',
  'no-traffic': 'no_traffic: true',
  'no-use-http2': 'use_http2: false',
  parallelism: 'parallelism',
  port: 'port',
  project: 'project_id',
  region: 'region',
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
  wait: 'execute: true',
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
