/** Names of the inputs of action.yml, which "npm run docs" writes. */
export const DECLARED = [
  'spec',
  'backend',
  'backends',
  'backend_audience',
  'backend_deadline',
  'dialect',
  'api_key',
  'jwt',
  'all_of',
  'passthrough',
  'cors',
  'expose',
  'wildcards',
  'fail_on',
];
