import { importPKCS8, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caller } from '../../../test/client.ts';
import { type RunningCloud, startCloud } from '../../cloud.ts';
import { seededAccounts } from '../../seeded.ts';
import { createServiceAccountKey, type KeyFile } from '../iam/accounts/key-file.ts';
import { authorizedUser } from './authorized-user.ts';

const AUDIENCE = 'https://oauth2.googleapis.com/token';
const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';

let cloud: RunningCloud;
let key: KeyFile;
beforeAll(async () => {
  cloud = await startCloud();
  key = await createServiceAccountKey(cloud, seededAccounts(cloud.project).deployer);
});
afterAll(() => cloud.close());

async function sign(claims: Record<string, unknown>, file = key): Promise<string> {
  const iat = Math.floor(Date.now() / 1000);
  return new SignJWT({ iss: file.client_email, aud: AUDIENCE, scope: SCOPE, iat, exp: iat + 3600, ...claims })
    .setProtectedHeader({ alg: 'RS256', kid: file.private_key_id })
    .sign(await importPKCS8(file.private_key, 'RS256'));
}

async function ask(fields: Record<string, string>) {
  const response = await fetch(`${cloud.origin}/token`, {
    method: 'POST',
    body: new URLSearchParams(fields),
  });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

function bearer(assertion: string) {
  return ask({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion });
}

describe('a JWT assertion', () => {
  it('becomes an access token of its account', async () => {
    const { status, body } = await bearer(await sign({}));
    expect(status).toBe(200);
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 3599 });
    expect(cloud.tokens.verify(body.access_token ?? '')?.email).toBe(key.client_email);
  });

  it('becomes an ID token for a target audience', async () => {
    const { body } = await bearer(await sign({ scope: undefined, target_audience: 'https://service' }));
    expect(await cloud.contracts.idTokens.verify(body.id_token ?? '', 'https://service')).toEqual({
      email: key.client_email,
    });
  });

  it("may be for this cloud's own token URL", async () => {
    expect((await bearer(await sign({ aud: `${cloud.origin}/token` }))).status).toBe(200);
  });

  const now = Math.floor(Date.now() / 1000);
  it.each([
    [
      'from a stranger',
      { iss: 'x@demo-project.iam.gserviceaccount.com' },
      'Invalid grant: account not found',
    ],
    [
      'for over an hour',
      { iat: now, exp: now + 3700 },
      'Invalid JWT: Token must be a short-lived token (60 minutes)',
    ],
    [
      'that has expired',
      { iat: now - 3000, exp: now - 10 },
      'Invalid JWT: Token must be a short-lived token (60 minutes)',
    ],
    [
      'from the future',
      { iat: now + 900, exp: now + 1000 },
      'Invalid JWT: Token must be a short-lived token (60 minutes)',
    ],
    ['for another endpoint', { aud: 'https://example.com' }, 'Invalid JWT: Failed audience check.'],
    ['without a scope', { scope: undefined }, 'Invalid OAuth scope or ID token audience provided.'],
  ])('%s is refused', async (_, claims, message) => {
    const { status, body } = await bearer(await sign(claims));
    expect(status).toBe(400);
    expect(body.error_description).toContain(message);
  });

  it("signed with a key that was never the account's, or is deleted, is refused", async () => {
    const other = await createServiceAccountKey(cloud, seededAccounts(cloud.project).gateway);
    const forged = await sign({}, { ...other, client_email: key.client_email });
    expect((await bearer(forged)).body).toEqual({
      error: 'invalid_grant',
      error_description: 'Invalid JWT Signature.',
    });
    const old = await sign({ iss: other.client_email }, other);
    expect((await bearer(old)).status).toBe(200);
    cloud.iamAdmin.accounts.get(other.client_email).keys.splice(0);
    expect((await bearer(old)).body.error_description).toBe('Invalid JWT Signature.');
  });

  it('of a disabled account is refused', async () => {
    const account = cloud.iamAdmin.accounts.get(key.client_email);
    account.disabled = true;
    const { body } = await bearer(await sign({}));
    account.disabled = false;
    expect(body.error).toBe('invalid_grant');
  });
});

describe('a refresh token', () => {
  const fields = () => {
    const { client_id, client_secret, refresh_token } = authorizedUser(cloud);
    return { grant_type: 'refresh_token', client_id, client_secret, refresh_token };
  };

  it("becomes the owner's access token", async () => {
    const { body } = await ask(fields());
    expect(cloud.tokens.verify(body.access_token ?? '')?.member).toBe('user:owner@example.com');
  });

  it('is refused when it or its client is not known', async () => {
    expect((await ask({ ...fields(), refresh_token: '1//x' })).body.error).toBe('invalid_grant');
    expect(await ask({ ...fields(), client_id: 'x' })).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    });
    expect((await ask({ ...fields(), client_secret: 'x' })).status).toBe(401);
  });
});

describe('the token endpoints', () => {
  it('refuse another grant type', async () => {
    expect((await ask({ grant_type: 'password' })).body.error).toBe('unsupported_grant_type');
  });

  it('tell what a token is', async () => {
    const { body } = await bearer(await sign({}));
    const info = await caller(cloud)('GET', `/tokeninfo?access_token=${body.access_token}`);
    expect(info.body).toMatchObject({ email: key.client_email, scope: SCOPE });
    const id = await cloud.contracts.idTokens.sign(key.client_email, 'https://a');
    expect((await caller(cloud)('GET', `/tokeninfo?id_token=${id}`)).body).toMatchObject({
      aud: 'https://a',
    });
    expect(await caller(cloud)('GET', '/tokeninfo?access_token=x')).toEqual({
      status: 400,
      body: { error: 'invalid_token', error_description: 'Invalid Value' },
    });
  });

  it("publish Google's and a service account's keys", async () => {
    const { body: google } = await caller(cloud)('GET', '/oauth2/v3/certs');
    expect(google).toMatchObject({ keys: [{ kty: 'RSA', alg: 'RS256' }] });
    const { body: own } = await caller(cloud)('GET', `/service_accounts/v1/jwk/${key.client_email}`);
    expect(own).toMatchObject({ keys: [{ kid: key.private_key_id, kty: 'RSA' }] });
    expect(JSON.stringify([google, own])).not.toContain('"d"');
  });
});
