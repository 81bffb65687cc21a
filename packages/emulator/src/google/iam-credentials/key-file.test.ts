import { createSign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caller } from '../../../test/client.ts';
import { type RunningCloud, startCloud } from '../../cloud.ts';
import { seededAccounts } from '../../seeded.ts';
import { createServiceAccountKey } from '../iam/accounts/key-file.ts';

let cloud: RunningCloud;
let account: string;
let key: { private_key_id: string; private_key: string };
beforeAll(async () => {
  cloud = await startCloud();
  account = seededAccounts(cloud.project).deployer;
  key = (await createServiceAccountKey(cloud, account)) as typeof key;
});
afterAll(() => cloud.close());

/** As google-github-actions/auth signs it (src/client/service_account_key_json.ts): for the origin of the endpoint that the exports name. */
function selfSigned(): string {
  const endpoint = cloud.env().GHA_ENDPOINT_OVERRIDE_iamcredentials ?? '';
  const now = Math.floor(Date.now() / 1000);
  const parts = [
    { alg: 'RS256', typ: 'JWT', kid: key.private_key_id },
    { iss: account, sub: account, aud: `${new URL(endpoint).origin}/`, iat: now, exp: now + 3599 },
  ].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
  const signature = createSign('RSA-SHA256').update(parts.join('.')).sign(key.private_key, 'base64url');
  return [...parts, signature].join('.');
}

describe('the credentials_json of google-github-actions/auth', () => {
  const token = (method: string, body: object) =>
    caller(cloud, selfSigned())(
      'POST',
      `/iamcredentials/v1/projects/-/serviceAccounts/${account}:${method}`,
      body,
    );
  const access = () => token('generateAccessToken', { scope: ['https://www.googleapis.com/auth/run'] });
  const identity = () => token('generateIdToken', { audience: 'https://example.com', includeEmail: true });

  // "If you authenticate via credentials_json, the service account must have roles/iam.serviceAccountTokenCreator on itself."
  it('signs in, and gets no token of another format without the role on the account itself', async () => {
    for (const [asked, permission] of [
      [access, 'iam.serviceAccounts.getAccessToken'],
      [identity, 'iam.serviceAccounts.getOpenIdToken'],
    ] as const) {
      const { status, body } = await asked();
      expect(status).toBe(403);
      expect(JSON.stringify(body)).toContain(permission);
    }
  });

  it('gets both with it', async () => {
    cloud.contracts.accounts.grant(
      account,
      'roles/iam.serviceAccountTokenCreator',
      `serviceAccount:${account}`,
    );
    expect(await access()).toMatchObject({ status: 200, body: { accessToken: expect.any(String) } });
    expect(await identity()).toMatchObject({ status: 200, body: { token: expect.any(String) } });
  });
});
