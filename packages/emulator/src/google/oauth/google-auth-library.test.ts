import { IdentityPoolClient } from 'google-auth-library';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningCloud, startCloud } from '../../cloud.ts';
import { githubRequestUrl } from '../../github/id-token.ts';
import { githubRequestToken } from '../../github/request-token.ts';
import { seededAccounts, seededProvider } from '../../seeded.ts';

let cloud: RunningCloud;
beforeAll(async () => {
  cloud = await startCloud();
});
afterAll(() => cloud.close());

/** What google-github-actions/auth writes for a job, pointed at the local cloud. */
function externalAccount({
  impersonate = true,
  job = {},
}: {
  impersonate?: boolean;
  job?: Record<string, string>;
} = {}) {
  const audience = `//iam.googleapis.com/${seededProvider(cloud.project)}`;
  const client = new IdentityPoolClient({
    type: 'external_account',
    audience,
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    token_url: `${cloud.origin}/v1/token`,
    ...(impersonate && {
      service_account_impersonation_url: `${cloud.origin}/v1/projects/-/serviceAccounts/${seededAccounts(cloud.project).deployer}:generateAccessToken`,
    }),
    credential_source: {
      url: `${githubRequestUrl(cloud)}&audience=${encodeURIComponent(`https:${audience}`)}`,
      headers: { Authorization: `Bearer ${githubRequestToken(cloud, job)}` },
      format: { type: 'json', subject_token_field_name: 'value' },
    },
  });
  client.scopes = ['https://www.googleapis.com/auth/cloud-platform'];
  return client;
}

describe("Google's own client library", () => {
  it('goes from the job to the service account', async () => {
    const client = externalAccount();
    const { token } = await client.getAccessToken();
    expect(cloud.tokens.verify(token ?? '')?.email).toBe(seededAccounts(cloud.project).deployer);
    const { data } = await client.request<{ state: string }>({
      url: `${cloud.origin}/v1/projects/demo-project/services/run.googleapis.com`,
    });
    expect(data.state).toBe('ENABLED');
  });

  it('works as the job itself', async () => {
    const client = externalAccount({ impersonate: false });
    const { status } = await client.request({
      url: `${cloud.origin}/v1/projects/demo-project/services/run.googleapis.com`,
    });
    expect(status).toBe(200);
  });

  it('cannot act as the service account from another repository of the owner', async () => {
    const client = externalAccount({ job: { repository: 'example/other' } });
    await expect(client.getAccessToken()).rejects.toThrow(
      "Permission 'iam.serviceAccounts.getAccessToken' denied",
    );
  });

  it('gets nothing for a repository of somebody else', async () => {
    const client = externalAccount({ job: { repository: 'stranger/app' } });
    await expect(client.getAccessToken()).rejects.toThrow('rejected by the attribute condition');
  });
});
