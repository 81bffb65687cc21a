import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caller, tokenOf } from '../../../test/client.ts';
import { type RunningCloud, startCloud } from '../../cloud.ts';
import { seededAccounts } from '../../seeded.ts';
import { accountResource } from '../iam/accounts/access.ts';

const SCOPE = ['https://www.googleapis.com/auth/cloud-platform'];
const CALLER = 'person@example.com';

let cloud: RunningCloud;
let deployer: string;
let gateway: string;
beforeAll(async () => {
  cloud = await startCloud();
  ({ deployer, gateway } = seededAccounts(cloud.project));
  cloud.iam.grant(accountResource(cloud, deployer), 'roles/iam.serviceAccountTokenCreator', `user:${CALLER}`);
});
afterAll(() => cloud.close());

function call(verb: string, body: unknown, { from = CALLER, on = deployer } = {}) {
  return caller(cloud, tokenOf(cloud, from))('POST', `/v1/projects/-/serviceAccounts/${on}:${verb}`, body);
}

describe('generateAccessToken', () => {
  it('gives a token of the account', async () => {
    const { status, body } = await call('generateAccessToken', { scope: SCOPE, lifetime: '600s' });
    expect(status).toBe(200);
    expect(cloud.tokens.verify(String(body.accessToken))?.member).toBe(`serviceAccount:${deployer}`);
    expect(String(body.expireTime)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    const left = Date.parse(String(body.expireTime)) - Date.now();
    expect(Math.round(left / 60_000)).toBe(10);
  });

  it.each([
    ['who holds nothing on the account', { from: 'stranger@example.com' }],
    ['for an account that does not exist', { on: 'missing@demo-project.iam.gserviceaccount.com' }],
  ])('is denied to somebody %s, in the same words', async (_, between) => {
    expect(await call('generateAccessToken', { scope: SCOPE }, between)).toEqual({
      status: 403,
      body: {
        error: {
          code: 403,
          message:
            "Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist).",
          status: 'PERMISSION_DENIED',
          details: [
            {
              '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
              reason: 'IAM_PERMISSION_DENIED',
              domain: 'iam.googleapis.com',
              metadata: { permission: 'iam.serviceAccounts.getAccessToken' },
            },
          ],
        },
      },
    });
  });

  it('needs a token', async () => {
    const path = `/v1/projects/-/serviceAccounts/${deployer}:generateAccessToken`;
    expect((await caller(cloud)('POST', path, { scope: SCOPE })).status).toBe(401);
  });

  it.each([
    { scope: [] },
    { scope: SCOPE, lifetime: '3601s' },
    { scope: SCOPE, lifetime: '0s' },
    { scope: SCOPE, lifetime: '60' },
  ])('refuses %j', async (body) => {
    expect((await call('generateAccessToken', body)).status).toBe(400);
  });

  it('goes through delegates only where each may delegate to the next', async () => {
    const through = { scope: SCOPE, delegates: [`projects/-/serviceAccounts/${deployer}`] };
    expect((await call('generateAccessToken', through, { on: gateway })).status).toBe(403);
    cloud.iam.grant(
      accountResource(cloud, gateway),
      'roles/iam.serviceAccountTokenCreator',
      `serviceAccount:${deployer}`,
    );
    expect((await call('generateAccessToken', { scope: SCOPE }, { on: gateway })).status).toBe(403);
    const { status, body } = await call('generateAccessToken', through, { on: gateway });
    expect(status).toBe(200);
    expect(cloud.tokens.verify(String(body.accessToken))?.email).toBe(gateway);
  });

  it('is refused for a disabled account', async () => {
    cloud.iamAdmin.accounts.get(deployer).disabled = true;
    try {
      expect((await call('generateAccessToken', { scope: SCOPE })).status).toBe(400);
    } finally {
      cloud.iamAdmin.accounts.get(deployer).disabled = false;
    }
  });
});

describe('generateIdToken', () => {
  it('gives an ID token of the account for the audience', async () => {
    const { body } = await call('generateIdToken', { audience: 'https://service', includeEmail: true });
    expect(await cloud.contracts.idTokens.verify(String(body.token), 'https://service')).toEqual({
      email: deployer,
    });
    expect(await cloud.contracts.idTokens.verify(String(body.token), 'https://other')).toBeUndefined();
  });

  it('leaves the e-mail out unless asked', async () => {
    const { body } = await call('generateIdToken', { audience: 'https://service' });
    expect(await cloud.contracts.idTokens.verify(String(body.token), 'https://service')).toBeUndefined();
  });

  it('needs an audience and the permission', async () => {
    expect((await call('generateIdToken', {})).status).toBe(400);
    const denied = await call('generateIdToken', { audience: 'a' }, { from: 'stranger@example.com' });
    expect(JSON.stringify(denied.body)).toContain('iam.serviceAccounts.getOpenIdToken');
  });
});
