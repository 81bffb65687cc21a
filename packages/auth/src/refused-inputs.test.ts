import { expect, it } from 'vitest';
import { readGoogleInputs } from './inputs.ts';
import { REFUSED_SIGN_IN } from './refused-inputs.ts';

/** Inputs of google-github-actions/auth v0 to v3 and setup-gcloud v0 to v3. `cache` is another thing in build-and-push. */
const PEERS = [
  'access_token_lifetime access_token_scopes access_token_subject audience backoff backoff_limit cleanup_credentials create_credentials_file credentials_json delegates export_environment_variables id_token_audience id_token_include_email project_id request_reason retries service_account token_format universe workload_identity_provider',
  'credentials_file_path export_default_credentials install_components service_account_email service_account_key skip_install skip_tool_cache version',
];

it.each(PEERS.join(' ').split(' '))('%s of a peer is an input here, or refused', (name) => {
  const read: string[] = [];
  readGoogleInputs({
    optional: (input) => {
      read.push(input);
      return undefined;
    },
    list: (input) => {
      read.push(input);
      return [];
    },
  });
  expect(read.includes(name) || Object.hasOwn(REFUSED_SIGN_IN, name)).toBe(true);
});
