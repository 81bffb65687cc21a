import { randomBytes } from 'node:crypto';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/*
 * Stands in for google-github-actions/auth where that is not on the machine: writes the credentials that the real one writes,
 * exports what it exports, and gets the token that is asked for, from the local cloud.
 */

const {
  WITH_PROJECT_ID: project = '',
  WITH_WORKLOAD_IDENTITY_PROVIDER: provider = '',
  WITH_SERVICE_ACCOUNT: account = '',
  WITH_CREDENTIALS_JSON: key = '',
  WITH_TOKEN_FORMAT: format = '',
  WITH_ID_TOKEN_AUDIENCE: idTokenAudience = '',
  WITH_CREATE_CREDENTIALS_FILE: createFile = '',
  WITH_EXPORT_ENVIRONMENT_VARIABLES: exportVariables = '',
  ACTIONS_ID_TOKEN_REQUEST_URL: requestUrl = '',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken = '',
  GHA_ENDPOINT_OVERRIDE_sts: sts = '',
  GHA_ENDPOINT_OVERRIDE_iamcredentials: iamCredentials = '',
  GITHUB_WORKSPACE: workspace = '',
  GITHUB_OUTPUT: outputFile = '',
  GITHUB_ENV: environmentFile = '',
} = process.env;

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
const audience = `//iam.googleapis.com/${provider}`;
const impersonation = `${iamCredentials}/projects/-/serviceAccounts/${account}`;

if (!provider && !key) stop('set workload_identity_provider or credentials_json');
if (provider && !requestToken) stop('the job needs the permission "id-token: write"');
if (project) {
  output('project_id', project);
  for (const name of [
    'CLOUDSDK_PROJECT',
    'CLOUDSDK_CORE_PROJECT',
    'GCP_PROJECT',
    'GCLOUD_PROJECT',
    'GOOGLE_CLOUD_PROJECT',
  ])
    variable(name, project);
}
if (createFile !== 'false') {
  const path = join(workspace, `gha-creds-${randomBytes(8).toString('hex')}.json`);
  writeFileSync(path, key || JSON.stringify(externalAccount()), { mode: 0o600 });
  output('credentials_file_path', path);
  for (const name of [
    'CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE',
    'GOOGLE_APPLICATION_CREDENTIALS',
    'GOOGLE_GHA_CREDS_PATH',
  ])
    variable(name, path);
}
if (format && key)
  stop('token_format with credentials_json needs the real action: fetch it with gangway run --fetch');
if (provider && format) {
  const federated = await exchange();
  output('auth_token', federated, true);
  if (format === 'access_token') {
    const { accessToken } = await ask(`${impersonation}:generateAccessToken`, federated, { scope: [SCOPE] });
    output('access_token', accessToken ?? '', true);
  } else {
    const asked = { audience: idTokenAudience, includeEmail: true };
    const { token } = await ask(`${impersonation}:generateIdToken`, federated, asked);
    output('id_token', token ?? '', true);
  }
}

/** https://google.aip.dev/auth/4117 */
function externalAccount(): object {
  return {
    type: 'external_account',
    audience,
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    token_url: `${sts}/token`,
    credential_source: {
      url: `${requestUrl}&audience=${encodeURIComponent(`https:${audience}`)}`,
      headers: { Authorization: `Bearer ${requestToken}` },
      format: { type: 'json', subject_token_field_name: 'value' },
    },
    ...(account && { service_account_impersonation_url: `${impersonation}:generateAccessToken` }),
  };
}

async function exchange(): Promise<string> {
  const url = `${requestUrl}&audience=${encodeURIComponent(`https:${audience}`)}`;
  const { value = '' } = await read(
    await fetch(url, { headers: { authorization: `Bearer ${requestToken}` } }),
  );
  const { access_token: token = '' } = await ask(`${sts}/token`, '', {
    audience,
    grantType: 'urn:ietf:params:oauth:grant-type:token-exchange',
    requestedTokenType: 'urn:ietf:params:oauth:token-type:access_token',
    scope: SCOPE,
    subjectTokenType: 'urn:ietf:params:oauth:token-type:jwt',
    subjectToken: value,
  });
  return token;
}

async function ask(url: string, token: string, body: object): Promise<Record<string, string>> {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
  return read(await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) }));
}

async function read(response: Response): Promise<Record<string, string>> {
  const text = await response.text();
  if (!response.ok) stop(`${new URL(response.url).pathname} answered ${response.status}: ${text}`);
  return JSON.parse(text) as Record<string, string>;
}

function output(name: string, value: string, isSecret = false): void {
  if (isSecret) console.log(`::add-mask::${value}`);
  appendFileSync(outputFile, `${name}=${value}\n`);
}

function variable(name: string, value: string): void {
  if (exportVariables !== 'false') appendFileSync(environmentFile, `${name}=${value}\n`);
}

function stop(message: string): never {
  console.log(`::error::google-github-actions/auth: ${message.replaceAll('\n', '%0A')}`);
  process.exit(1);
}
