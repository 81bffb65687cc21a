import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createServiceAccountKey } from '@gangway/emulator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CloudAround, cloudAround } from '../test/cloud-around.ts';
import { authenticate } from './authenticate.ts';
import type { GoogleInputs } from './inputs.ts';

const CI = 'deployer@demo-project.iam.gserviceaccount.com';
const PROJECT_VARIABLES = ['GOOGLE_CLOUD_PROJECT', 'CLOUDSDK_CORE_PROJECT', 'GCLOUD_PROJECT'];

let around: CloudAround;
let masked: string[];

beforeEach(async () => {
  around = await cloudAround();
  for (const name of PROJECT_VARIABLES) delete process.env[name];
  process.env.METADATA_SERVER_DETECTION = 'none';
  masked = [];
});

afterEach(async () => {
  for (const name of ['METADATA_SERVER_DETECTION', 'GCE_METADATA_HOST', 'GOOGLE_APPLICATION_CREDENTIALS'])
    delete process.env[name];
  await around[Symbol.asyncDispose]();
});

/** Signs in and says who the token is for, which project was found, and what the log says. */
async function signIn(inputs: Partial<GoogleInputs>) {
  const none = { projectId: undefined, workloadIdentityProvider: undefined, serviceAccount: undefined };
  const { client, projectId, source } = await authenticate(
    { ...none, delegates: [], credentialsJson: undefined, ...inputs },
    { idToken: around.idToken, mask: (secret) => masked.push(secret) },
  );
  const { token } = await client.getAccessToken();
  expect(masked).toContain(token);
  return { member: around.cloud.tokens.verify(token)?.member, projectId, source };
}

/** What google-github-actions/auth writes for a job. */
function leftByAuthAction(impersonate = true) {
  const provider = around.exports.GANGWAY_WORKLOAD_IDENTITY_PROVIDER;
  const audience = encodeURIComponent(`https://iam.googleapis.com/${provider}`);
  return {
    type: 'external_account',
    audience: `//iam.googleapis.com/${provider}`,
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    token_url: 'https://sts.googleapis.com/v1/token',
    ...(impersonate && {
      service_account_impersonation_url: `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${CI}:generateAccessToken`,
    }),
    credential_source: {
      url: `${around.exports.ACTIONS_ID_TOKEN_REQUEST_URL}&audience=${audience}`,
      headers: { Authorization: `Bearer ${around.exports.ACTIONS_ID_TOKEN_REQUEST_TOKEN}` },
      format: { type: 'json', subject_token_field_name: 'value' },
    },
  };
}

const asDeployer = { member: `serviceAccount:${CI}`, projectId: 'demo-project' };

describe('workload_identity_provider', () => {
  it('through a service account, whose project it is', async () => {
    const signedIn = await signIn({
      workloadIdentityProvider: around.exports.GANGWAY_WORKLOAD_IDENTITY_PROVIDER,
      serviceAccount: CI,
    });
    expect(signedIn).toMatchObject(asDeployer);
    expect(signedIn.source).toMatch(/^deployer@\S+ through Workload Identity Federation \(projects\/\d+/);
  });

  it("directly, for the environment's project", async () => {
    process.env.CLOUDSDK_CORE_PROJECT = 'demo-project';
    const { member, projectId } = await signIn({
      workloadIdentityProvider: around.exports.GANGWAY_WORKLOAD_IDENTITY_PROVIDER,
    });
    expect(member).toMatch(/^principal:\/\/iam\.googleapis\.com\/.*\/subject\/repo:example\//);
    expect(projectId).toBe('demo-project');
  });

  it('wins over everything that is there by default', async () => {
    process.env.GOOGLE_APPLICATION_CREDENTIALS = around.authorizedUserFile;
    const { member } = await signIn({
      workloadIdentityProvider: around.exports.GANGWAY_WORKLOAD_IDENTITY_PROVIDER,
      serviceAccount: CI,
    });
    expect(member).toBe(asDeployer.member);
  });
});

describe('credentials_json', () => {
  it('of a service account key, which is masked', async () => {
    const key = await createServiceAccountKey(around.cloud, CI);
    const signedIn = await signIn({ credentialsJson: Buffer.from(JSON.stringify(key)).toString('base64') });
    expect(signedIn).toMatchObject(asDeployer);
    expect(signedIn.source).toBe(`${CI} by its key (Input "credentials_json")`);
    expect(masked).toContain(key.private_key);
  });

  it.each([true, false])('of an external account, impersonating: %s', async (impersonate) => {
    process.env.GOOGLE_CLOUD_PROJECT = 'demo-project';
    const before = new Set(around.cloud.tokens.all());
    const { member, projectId } = await signIn({
      credentialsJson: JSON.stringify(leftByAuthAction(impersonate)),
    });
    expect(member).toMatch(impersonate ? /^serviceAccount:deployer@/ : /^principal:/);
    expect(projectId).toBe('demo-project');
    expect(masked).toContain(around.exports.ACTIONS_ID_TOKEN_REQUEST_TOKEN);
    const issued = around.cloud.tokens.all().filter((token) => !before.has(token));
    expect(issued).toHaveLength(impersonate ? 2 : 1);
    expect(masked).toEqual(expect.arrayContaining(issued));
  });

  it('of a user, who may impersonate', async () => {
    const user = JSON.parse(await readFile(around.authorizedUserFile, 'utf8'));
    expect(await signIn({ credentialsJson: JSON.stringify(user) })).toMatchObject({
      member: 'user:owner@example.com',
      projectId: 'demo-project',
    });
    expect(masked).toEqual(expect.arrayContaining([user.refresh_token, user.client_secret]));
    const impersonating = {
      type: 'impersonated_service_account',
      service_account_impersonation_url: leftByAuthAction().service_account_impersonation_url,
      source_credentials: user,
    };
    expect(await signIn({ credentialsJson: JSON.stringify(impersonating) })).toMatchObject(asDeployer);
  });

  it.each([
    ['{"type":"service_account"}', /without client_email or private_key/],
    ['{"type":"password"}', /has the type "password"/],
    ['nothing of the kind', /is not JSON/],
    [
      '{"type":"service_account","client_email":5,"private_key":6}',
      /has a field "client_email" that is of no use/,
    ],
    ['{"type":"external_account","audience":"x"}', /has a field "token_url" that is of no use/],
    ['{"type":"external_account","token_url":"nowhere"}', /has a field "token_url" that is of no use/],
    ['{"type":"impersonated_service_account","delegates":"x"}', /has a field "delegates" that is of no use/],
    [
      '{"type":"impersonated_service_account","source_credentials":[5]}',
      /without an account or source_credentials/,
    ],
    ['{"type":["service_account"]}', /has a field "type" that is of no use/],
    [
      '{"type":"service_account","client_email":"a@b","private_key_id":"k1","private_key":"-----BEGIN PRIVATE KEY-----\\nMIIEvQ"}',
      /private_key is damaged or cut off \(key k1\)/,
    ],
  ])('refuses %s without quoting it', async (credentialsJson, message) => {
    const asked = signIn({ credentialsJson });
    await expect(asked).rejects.toThrow(message);
    await expect(asked).rejects.not.toThrow(/MIIEvQ|nothing of/);
  });
});

describe('Application Default Credentials', () => {
  it('that google-github-actions/auth left', async () => {
    const file = join(around.folder, 'gha-creds-0123456789abcdef.json');
    await writeFile(file, JSON.stringify(leftByAuthAction()));
    process.env.GOOGLE_APPLICATION_CREDENTIALS = file;
    const signedIn = await signIn({});
    expect(signedIn).toMatchObject(asDeployer);
    expect(signedIn.source).toContain(`(GOOGLE_APPLICATION_CREDENTIALS ${file})`);
  });

  it("that are gcloud's own, with the project of its active configuration", async () => {
    const user = { ...leftByAuthAction(false) };
    const directory = join(around.folder, 'gcloud');
    await writeFile(join(directory, 'application_default_credentials.json'), JSON.stringify(user));
    await mkdir(join(directory, 'configurations'));
    await writeFile(join(directory, 'active_config'), 'work\n');
    await writeFile(
      join(directory, 'configurations', 'config_work'),
      '[compute]\nregion = x\n[core]\naccount = a@example.com\nproject = demo-project\n',
    );
    const { projectId, source } = await signIn({});
    expect(projectId).toBe('demo-project');
    expect(source).toMatch(/^external account \(gcloud's .*application_default_credentials\.json\)$/);
  });

  it('that a metadata server has', async () => {
    const server = await metadataServer(around);
    process.env.GCE_METADATA_HOST = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    process.env.METADATA_SERVER_DETECTION = 'assume-present';
    const signedIn = await signIn({});
    expect(signedIn).toMatchObject(asDeployer);
    expect(signedIn.source).toBe(`${CI} of this machine (metadata server)`);
    server.close();
  });

  it('whose file is gone are told by its name', async () => {
    process.env.GOOGLE_APPLICATION_CREDENTIALS = '/nowhere/gha-creds-1.json';
    await expect(signIn({})).rejects.toMatchObject({
      code: 'credentials-file',
      message: expect.stringContaining('/nowhere/gha-creds-1.json'),
    });
  });
});

/** As much of Compute Engine's as clients ask for (https://cloud.google.com/compute/docs/metadata/querying-metadata). */
async function metadataServer({ cloud }: CloudAround): Promise<Server> {
  const root = '/computeMetadata/v1';
  const server = createServer(({ url = '', headers }, response) => {
    const path = url.split('?')[0];
    const own: Record<string, () => string> = {
      [`${root}/instance`]: () => 'id',
      [`${root}/project/project-id`]: () => 'demo-project',
      [`${root}/instance/service-accounts/default/email`]: () => CI,
      [`${root}/instance/service-accounts/default/token`]: () => {
        const { token } = cloud.tokens.issue(
          { member: `serviceAccount:${CI}`, memberOf: [], email: CI },
          3599,
        );
        return JSON.stringify({ access_token: token, expires_in: 3599, token_type: 'Bearer' });
      },
    };
    const answer = headers['metadata-flavor'] === 'Google' ? own[path ?? '']?.() : undefined;
    response.writeHead(answer === undefined ? 404 : 200, {
      'metadata-flavor': 'Google',
      'content-type': answer?.startsWith('{') ? 'application/json' : 'application/text',
    });
    response.end(answer ?? '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
