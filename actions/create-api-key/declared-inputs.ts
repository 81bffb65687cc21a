/** Names of the inputs of action.yml, which "npm run docs" writes. */
export const DECLARED = [
  'key_id',
  'services',
  'display_name',
  'allowed_ips',
  'allowed_referrers',
  'secret',
  'timeout',
  'project_id',
  'workload_identity_provider',
  'service_account',
  'delegates',
  'credentials_json',
  'universe_domain',
];
