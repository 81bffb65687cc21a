import type { Refused } from '@gangway/action';

const KEY = 'write credentials_json; or, without a key, workload_identity_provider and service_account';
const TOKEN = 'leave it out: the action signs in by itself; make a token for other steps with create-token';
const GCLOUD = 'leave it out: the action needs no gcloud';

/**
 * What the inputs of google-github-actions/auth and setup-gcloud, of all versions, are in an action that signs in
 * by itself.
 */
export const REFUSED_SIGN_IN: Readonly<Record<string, Refused>> = {
  credentials: { cure: KEY },
  service_account_key: { cure: KEY },
  service_account_email: { cure: 'write service_account' },
  universe: { cure: 'write universe_domain', same: ['googleapis.com'] },
  audience: {
    cure: 'leave it out, and let the provider take the default audience: the OIDC token is asked for with the full name of workload_identity_provider',
  },
  token_format: { cure: TOKEN },
  access_token_lifetime: { cure: TOKEN },
  access_token_scopes: { cure: TOKEN },
  access_token_subject: { cure: TOKEN },
  id_token_audience: { cure: TOKEN },
  id_token_include_email: { cure: TOKEN },
  create_credentials_file: { cure: 'leave it out: no file with credentials is made', same: ['false'] },
  export_environment_variables: { cure: 'leave it out: nothing is exported to later steps', same: ['false'] },
  export_default_credentials: { cure: 'leave it out: nothing is exported to later steps', same: ['false'] },
  credentials_file_path: { cure: 'leave it out: no file with credentials is made' },
  cleanup_credentials: { cure: 'leave it out: no file with credentials is made', same: ['true'] },
  request_reason: { cure: 'leave it out: requests carry no reason' },
  retries: { cure: 'leave it out: requests are repeated where that helps' },
  backoff: { cure: 'leave it out: requests are repeated where that helps' },
  backoff_limit: { cure: 'leave it out: requests are repeated where that helps' },
  gcloud_version: { cure: GCLOUD },
  gcloud_component: { cure: GCLOUD },
  install_components: { cure: GCLOUD },
  skip_install: { cure: GCLOUD, same: ['true'] },
  skip_tool_cache: { cure: GCLOUD },
  version: { cure: GCLOUD },
};
