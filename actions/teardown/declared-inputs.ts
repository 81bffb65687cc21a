/** Names of the inputs of action.yml, which "npm run docs" writes. */
export const DECLARED = [
  'service',
  'job',
  'region',
  'api',
  'gateway',
  'location',
  'key_id',
  'image',
  'dry_run',
  'timeout',
  'project_id',
  'workload_identity_provider',
  'service_account',
  'delegates',
  'credentials_json',
  'universe_domain',
];
