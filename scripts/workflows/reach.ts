/**
 * How the inputs of actions reach the callers of the public reusable workflows. "npm run docs" writes the workflows'
 * generated regions by it: whatever action.yml declares and is not named here is an input of the same name.
 */
export interface Reach {
  /** Inputs that have another name in the workflow, since two actions use the same one. */
  readonly renamed?: Readonly<Record<string, string>>;
  /** Defaults of the workflow that differ from the action's. */
  readonly defaults?: Readonly<Record<string, string>>;
  /** Declared from action.yml, but put together by hand where the action is called. */
  readonly byHand?: readonly string[];
  /** Set by the workflow from inputs, secrets or steps of its own. */
  readonly own?: readonly string[];
  /** Not to be reached, with the reason. */
  readonly leftOut?: Readonly<Record<string, string>>;
}

/** The inputs by which each action signs in to Google; each workflow declares them once. */
export const SIGN_IN = [
  'project_id',
  'workload_identity_provider',
  'service_account',
  'delegates',
  'universe_domain',
];

/** Passed as a secret of the same name. */
export const SIGN_IN_SECRET = 'credentials_json';

/** Inputs whose default is true or false and that take words, too. */
export const WORDS = ['provenance', 'sbom', 'require_provenance'];

/** What a migration has in common with the service it belongs to: what it can reach, and as whom. */
export const MIGRATION = [
  'require_provenance',
  'signer_workflow',
  'env_vars_file',
  'env_vars_update_strategy',
  'secrets',
  'secrets_update_strategy',
  'labels',
  'cpu',
  'memory',
  'execution_environment',
  'runtime_service_account',
  'vpc_connector',
  'network',
  'subnet',
  'network_tags',
  'vpc_egress',
  'cloudsql_instances',
  'volumes',
];

const PREVIEWED = 'previews take other rights; preview.yml makes them';
const RECORDED = 'the environment of the job records its deployments by itself';

const STEPS = 'no step after it in these jobs uses Docker by itself';

const build: Reach = {
  renamed: { labels: 'image_labels', network: 'build_network' },
  byHand: ['builder'],
  own: ['image', 'from_image', 'secrets'],
  leftOut: {
    spec: 'only build.yml keeps a document of the repository beside the image',
    untag: 'only preview.yml removes tags',
    docker_login: STEPS,
  },
};

const enable: Reach = { renamed: { timeout: 'enable_timeout' }, own: ['services'] };

const run: Reach = {
  renamed: { secrets: 'service_secrets', timeout: 'deploy_timeout' },
  defaults: { env_vars_update_strategy: 'overwrite', secrets_update_strategy: 'overwrite' },
  byHand: ['env_vars'],
  own: ['service', 'region', 'image', 'github_token'],
};

const lasting: Readonly<Record<string, string>> = { pull_request: PREVIEWED, deployment: RECORDED };

const forPools = 'a gateway stands before a service, and nothing calls a worker pool';
const forJobs = 'a gateway stands before a service, not a job; deploy jobs by deploy-cloud-run.yml';

export const REACH: Readonly<Record<string, Readonly<Record<string, Reach>>>> = {
  'deploy-cloud-run.yml': {
    'enable-service': enable,
    'build-and-push': {
      ...build,
      leftOut: { ...build.leftOut, spec_command: 'no step reads the document; deploy-api.yml does' },
    },
    'deploy-cloud-run': { ...run, own: [...(run.own ?? []), 'job', 'worker_pool'], leftOut: lasting },
  },
  'deploy-api.yml': {
    'enable-service': enable,
    'build-and-push': build,
    'deploy-cloud-run': {
      ...run,
      byHand: [...(run.byHand ?? []), 'invokers'],
      leftOut: {
        ...lasting,
        job: forJobs,
        worker_pool: forPools,
        instances: forPools,
        tasks: forJobs,
        parallelism: forJobs,
        max_retries: forJobs,
        execute: forJobs,
        wait: forJobs,
      },
    },
    'deploy-api-config': {
      renamed: { labels: 'gateway_labels', timeout: 'gateway_timeout' },
      byHand: ['api', 'gateway', 'spec'],
      own: ['location', 'backend', 'dry_run'],
      leftOut: {
        ...lasting,
        config: 'rollback.yml goes back',
        offline: 'build.yml only checks',
        backend_audience: "the backend is the service's own URL",
        github_token:
          'comments on pull requests take another right; the action itself makes them in a dry run',
      },
    },
    'create-api-key': {
      renamed: { display_name: 'key_display_name', secret: 'key_secret', timeout: 'key_timeout' },
      byHand: ['key_id'],
      own: ['services'],
    },
  },
  'deploy-compute.yml': {
    'enable-service': enable,
    'build-and-push': {
      ...build,
      leftOut: { ...build.leftOut, spec_command: 'no step reads the document' },
    },
    'deploy-compute': {
      renamed: { secrets: 'container_secrets', tags: 'network_tags', timeout: 'deploy_timeout' },
      defaults: { env_vars_update_strategy: 'overwrite', secrets_update_strategy: 'overwrite' },
      own: ['instance', 'group', 'zone', 'region', 'image'],
    },
  },
  'deploy-gke.yml': {
    'enable-service': enable,
    'build-and-push': {
      ...build,
      leftOut: { ...build.leftOut, spec_command: 'no step reads the document' },
    },
    'deploy-gke': {
      renamed: { timeout: 'deploy_timeout' },
      byHand: ['images'],
      own: ['cluster_name', 'location', 'image'],
    },
  },
  'build.yml': {
    'build-and-push': {
      ...build,
      defaults: { reuse: 'false' },
      own: ['image', 'secrets'],
      leftOut: { untag: 'only preview.yml removes tags', docker_login: STEPS },
    },
    'create-token': {
      own: ['scopes'],
      leftOut: { audience: 'the registry takes access tokens', lifetime: 'it is used at once' },
    },
  },
  'preview.yml': {
    'build-and-push': {
      ...build,
      own: ['image', 'secrets', 'tags', 'untag'],
      leftOut: { ...build.leftOut, from_image: 'a preview is built of its pull request' },
    },
    'deploy-cloud-run': {
      ...run,
      own: [...(run.own ?? []), 'pull_request', 'deployment'],
      leftOut: {
        ...Object.fromEntries(
          ['job', 'worker_pool', 'instances', 'tasks', 'parallelism', 'max_retries', 'execute', 'wait'].map(
            (name) => [name, 'a preview is of a service'],
          ),
        ),
        ...Object.fromEntries(
          [
            ...['metadata', 'labels', 'labels_update_strategy', 'description', 'ingress', 'invokers'],
            ...['service_min_instances', 'service_max_instances', 'invoker_iam_check'],
            ...['traffic', 'no_traffic', 'revision_traffic', 'tag_traffic', 'tag'],
            ...['remove_labels', 'custom_audiences'],
          ].map((name) => [name, 'a preview leaves the service and its requests as they are']),
        ),
        dry_run: 'a preview is a try already',
      },
    },
    'deploy-api-config': {
      renamed: { labels: 'gateway_labels', timeout: 'gateway_timeout' },
      own: [
        ...['api', 'gateway', 'location', 'spec', 'backend', 'backend_audience', 'dry_run', 'pull_request'],
        ...['deployment', 'github_token'],
      ],
      leftOut: {
        config: 'a preview has nothing to go back to',
        api_display_name: 'a preview leaves the API as it is',
        offline: 'build.yml only checks',
        keep_configs: "a preview's configs go with it",
        rollback: 'as config',
      },
    },
  },
  'deploy-fly.yml': {
    'build-and-push': {
      ...build,
      leftOut: {
        ...build.leftOut,
        spec_command: 'no step reads the document',
        from_image:
          'an image that is there is deployed as it is; fly-deploy copies it to the registry of Fly.io',
      },
    },
    'fly-deploy': {
      defaults: { rollback: 'true' },
      own: [
        ...['image', 'api_token', 'secrets'],
        ...['dockerfile', 'build_target', 'build_args', 'no_cache', 'reuse'],
      ],
      leftOut: {
        pull_request: 'apps of pull requests take other rights; preview-fly.yml makes them',
        github_token: 'as pull_request',
        label: 'as pull_request',
        postgres: 'as pull_request',
      },
    },
  },
  'preview-fly.yml': {
    'build-and-push': {
      ...build,
      own: ['image', 'secrets', 'tags'],
      leftOut: {
        ...build.leftOut,
        spec_command: 'no step reads the document',
        from_image: 'a preview is built of its pull request',
      },
    },
    'fly-deploy': {
      own: [
        ...['image', 'api_token', 'secrets', 'pull_request', 'github_token'],
        ...['dockerfile', 'build_target', 'build_args', 'no_cache', 'reuse'],
      ],
    },
  },
};
