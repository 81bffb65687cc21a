/** Names of the inputs of action.yml, which "npm run docs" writes. */
export const DECLARED = [
  'spec',
  'dialect',
  'fail_on',
  'backend',
  'backends',
  'backend_audience',
  'backend_deadline',
  'api_key',
  'jwt',
  'all_of',
  'passthrough',
  'cors',
  'expose',
  'wildcards',
];
