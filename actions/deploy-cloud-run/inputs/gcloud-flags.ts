/**
 * What each flag of `gcloud run deploy`, `jobs deploy`, `worker-pools deploy` and `services update-traffic` is here, in Markdown: inputs, a file
 * that `metadata` names, or the reason why it is nothing. The README's table is the same.
 */
export const FLAGS: readonly (readonly [flags: string, here: string])[] = [
  ['image', '`image`'],
  ['region', '`region`, also several'],
  ['project', '`project_id`'],
  ['service-account', '`runtime_service_account`'],
  ['description', '`description`'],
  ['labels update-labels', '`labels`'],
  ['clear-labels', '`labels: "{}"`'],
  ['remove-labels', '`remove_labels`'],
  ['set-env-vars', '`env_vars`, with `env_vars_update_strategy: overwrite`'],
  ['update-env-vars', '`env_vars`'],
  ['remove-env-vars', '`remove_env_vars`'],
  ['clear-env-vars', '`env_vars: "{}"`'],
  ['env-vars-file', '`env_vars_file`, with `env_vars_update_strategy: overwrite`'],
  ['set-secrets', '`secrets`, with `secrets_update_strategy: overwrite`'],
  ['update-secrets', '`secrets`'],
  ['remove-secrets', '`remove_secrets`'],
  ['clear-secrets', '`secrets: "{}"`'],
  ['cpu', '`cpu`'],
  ['memory', '`memory`'],
  ['gpu', '`gpu`'],
  ['gpu-type', '`gpu_type`'],
  ['gpu-zonal-redundancy', 'a file: `run.googleapis.com/gpu-zonal-redundancy-disabled`'],
  ['cpu-boost', '`cpu_boost: true`'],
  ['cpu-throttling', '`cpu_throttling: true`'],
  [
    'scaling',
    '`instances`, of a worker pool; `service_min_instances` and `service_max_instances`, of a service',
  ],
  ['concurrency', '`concurrency`'],
  ['min-instances', '`min_instances`'],
  ['max-instances', '`max_instances`'],
  ['min', '`service_min_instances`'],
  ['max', '`service_max_instances`'],
  ['timeout', '`request_timeout`; `timeout` is how long to wait'],
  ['task-timeout', '`request_timeout`'],
  ['port', '`port`'],
  ['use-http2', '`use_http2: true`'],
  ['command', '`command`, one word per line'],
  ['args', '`args`, one per line'],
  ['startup-probe', '`startup_probe`'],
  ['liveness-probe', '`liveness_probe`'],
  ['readiness-probe', '`readiness_probe`'],
  ['execution-environment', '`execution_environment`'],
  ['session-affinity', '`session_affinity: true`'],
  ['ingress', '`ingress`'],
  ['allow-unauthenticated', '`invokers: allUsers`, with those that stay'],
  [
    'no-allow-unauthenticated',
    'none: a new service is private; to take `allUsers` away, write `invokers` with those that stay',
  ],
  ['invoker-iam-check', '`invoker_iam_check: true`'],
  ['vpc-connector', '`vpc_connector`'],
  ['clear-vpc-connector', '`vpc_connector: none`'],
  ['vpc-egress', '`vpc_egress`'],
  ['network', '`network`'],
  ['subnet', '`subnet`'],
  ['network-tags', '`network_tags`'],
  ['clear-network', '`network: none`'],
  ['clear-network-tags', '`network_tags: none`'],
  ['set-cloudsql-instances', '`cloudsql_instances`'],
  ['add-cloudsql-instances remove-cloudsql-instances', '`cloudsql_instances` with the whole list'],
  ['clear-cloudsql-instances', '`cloudsql_instances: none`'],
  ['add-volume add-volume-mount', '`volumes`, both in one line'],
  ['remove-volume remove-volume-mount', '`volumes` with those that stay'],
  ['clear-volumes clear-volume-mounts', '`volumes: none`; secrets and Cloud SQL have inputs of their own'],
  ['container', '`sidecars`; the other inputs are of the main container'],
  ['remove-containers', '`sidecars` with those that stay, or `sidecars: "[]"`'],
  ['depends-on', '`depends_on`'],
  ['revision-suffix', '`suffix`'],
  ['tag', '`tag`'],
  ['no-traffic', '`no_traffic: true`'],
  ['to-latest', '`traffic: 100`'],
  ['to-revisions', '`revision_traffic`'],
  ['to-tags', '`tag_traffic`'],
  ['set-tags update-tags', "`tag` for the revision of the step; the others need a file's `spec.traffic`"],
  ['remove-tags clear-tags', 'a file: `spec.traffic` with the tags that stay'],
  ['tasks', '`tasks`'],
  ['parallelism', '`parallelism`'],
  ['max-retries', '`max_retries`'],
  ['execute-now', '`execute: true`, with `wait: false`'],
  ['wait', '`wait: true`'],
  ['async', "none: an action that doesn't wait can't say whether the deploy worked"],
  ['set-custom-audiences', '`custom_audiences`'],
  ['add-custom-audiences remove-custom-audiences', '`custom_audiences` with the whole list'],
  ['clear-custom-audiences', '`custom_audiences: none`'],
  [
    'no-promote',
    'none: instances of a worker pool stay as they are split; `gcloud beta run worker-pools update-instance-split` splits them',
  ],
  ['mesh', 'a file: `run.googleapis.com/mesh`'],
  ['binary-authorization clear-binary-authorization', 'a file: `run.googleapis.com/binary-authorization`'],
  ['breakglass', 'a file: `run.googleapis.com/binary-authorization-breakglass`'],
  ['key clear-key', 'a file: `run.googleapis.com/encryption-key`'],
  [
    'encryption-key-shutdown-hours clear-encryption-key-shutdown-hours',
    'a file: `run.googleapis.com/encryption-key-shutdown-hours`',
  ],
  [
    'post-key-revocation-action-type clear-post-key-revocation-action-type',
    'a file: `run.googleapis.com/post-key-revocation-action-type`',
  ],
  ['base-image clear-base-image automatic-updates', 'a file: `run.googleapis.com/base-images`'],
  [
    'source',
    'none: build-and-push builds, also by buildpacks without a Dockerfile, and `image` takes its output',
  ],
  [
    'allow-unencrypted-build build-env-vars-file set-build-env-vars update-build-env-vars remove-build-env-vars clear-build-env-vars build-service-account clear-build-service-account build-worker-pool clear-build-worker-pool',
    'none: they are about builds from source on Cloud Build',
  ],
  ['function', 'none: it needs a build from source'],
  ['namespace', 'none: it belongs to Cloud Run for Anthos'],
];
const HERE = new Map(FLAGS.flatMap(([flags, here]) => flags.split(' ').map((flag) => [flag, here] as const)));
/** What a step does or is without. */
const NEEDLESS = new Set(['format', 'no-async', 'platform', 'quiet', 'verbosity']);

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
  return names.map(cureFor).join('; ');
}

function cureFor(name: string): string {
  if (NEEDLESS.has(name)) return `leave out --${name}`;
  const here = hereOf(name)?.replaceAll('`', '');
  if (here === undefined) return `for --${name} see the README, or write it into the file of metadata`;
  const [, kind, rest = ''] = /^(a file|none): (.*)$/.exec(here) ?? [];
  if (kind === 'none') return `leave out --${name}: ${rest}`;
  return kind ? `for --${name} write ${rest} into the file of metadata` : `for --${name} write ${here}`;
}

/** `--no-X` is the contrary of `--X`, where it is no flag of its own. */
function hereOf(name: string): string | undefined {
  const own = HERE.get(name);
  if (own !== undefined || !name.startsWith('no-')) return own;
  const contrary = HERE.get(name.slice(3));
  return contrary?.endsWith(': true`') ? contrary.replace(/: true`$/, ': false`') : undefined;
}
