import type { Table } from './mapping.ts';

/** google-github-actions/auth: its inputs become inputs of each step that signs in by itself. */
export const AUTH: Table = {
  source: 'google-github-actions/auth',
  isComplete: true,
  mappings: [
    { from: 'workload_identity_provider', to: 'workload_identity_provider' },
    { from: 'service_account', to: 'service_account' },
    { from: 'credentials_json', to: 'credentials_json' },
    { from: 'project_id', to: 'project_id' },
    { from: 'delegates', to: 'delegates' },
    { from: 'universe', to: 'universe_domain', unless: ['googleapis.com'] },
    { from: 'token_format', left: 'each step fetches the tokens that it needs' },
    { from: 'access_token_lifetime', left: 'tokens are renewed while a step runs' },
    { from: 'access_token_scopes', left: 'each step asks for the scopes that it needs' },
    { from: 'id_token_audience', left: 'each step fetches the tokens that it needs' },
    { from: 'id_token_include_email', left: 'each step fetches the tokens that it needs' },
    { from: 'create_credentials_file', left: 'no file with credentials is written' },
    { from: 'export_environment_variables', left: 'later steps are given nothing' },
    { from: 'cleanup_credentials', left: 'no file with credentials is written' },
    { from: 'audience', stays: 'sets an audience of its own, and steps here use that of the provider' },
    { from: 'access_token_subject', stays: 'acts as a user, which no step here does' },
    { from: 'request_reason', stays: 'sends a reason with each request, which no step here does' },
  ],
};

/** google-github-actions/setup-gcloud, with what it took before there was auth. */
export const SETUP_GCLOUD: Table = {
  source: 'google-github-actions/setup-gcloud',
  isComplete: true,
  mappings: [
    { from: 'service_account_key', to: 'credentials_json' },
    { from: 'project_id', to: 'project_id' },
    { from: 'service_account_email', left: 'the key names its account' },
    { from: 'export_default_credentials', left: 'later steps are given nothing' },
    { from: 'credentials_file_path', left: 'no file with credentials is written' },
    { from: 'version', left: 'no step needs gcloud' },
    { from: 'install_components', left: 'no step needs gcloud' },
    { from: 'skip_install', left: 'no step needs gcloud' },
    { from: 'skip_tool_cache', left: 'no step needs gcloud' },
    { from: 'cleanup_credentials', left: 'no file with credentials is written' },
    { from: 'cache', left: 'no step needs gcloud' },
  ],
};

/** docker/login-action, for a registry of Google's. For others the step stays. */
export const LOGIN: Table = {
  source: 'docker/login-action',
  mappings: [
    { from: 'registry', left: 'build-and-push signs in to the registry of its image' },
    { from: 'username', left: 'build-and-push signs in with the credentials of its step' },
    {
      from: 'password',
      to: 'credentials_json',
      differs: 'Of a `_json_key` only: an access token of google-github-actions/auth is left out.',
    },
    { from: 'logout', left: 'credentials live in the step only' },
    { from: 'ecr', left: 'it is about another cloud', unless: ['auto', 'false'] },
    { from: 'scope', stays: 'signs in for one scope of the registry' },
    { from: 'registry-auth', stays: 'signs in to several registries' },
  ],
};
