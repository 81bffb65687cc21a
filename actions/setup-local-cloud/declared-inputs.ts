/** Names of the inputs of action.yml, which "npm run docs" writes. */
export const DECLARED = [
  'seed',
  'services',
  'project_id',
  'repository',
  'environment',
  'port',
  'real_hosts',
  'operation_time',
  'docker_host',
  'keep_record',
  'artifact_name',
  'job_status',
];
