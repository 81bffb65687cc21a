import { generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, caller } from '../../../test/client.ts';
import { type RunningCloud, startCloud } from '../../cloud.ts';
import { idTokenClaims } from '../../github/id-token.ts';
import { githubRequestToken, readRequestToken } from '../../github/request-token.ts';
import { type ManualClock, manualClock } from '../../kernel/clock.ts';
import { seededProvider } from '../../seeded.ts';

let clock: ManualClock;
let cloud: RunningCloud;
let audience: string;
beforeAll(async () => {
  clock = manualClock();
  cloud = await startCloud({ clock });
  audience = `//iam.googleapis.com/${seededProvider(cloud.project)}`;
});
afterAll(() => cloud.close());

function claims(job: Record<string, string> = {}): { iss: string } & Record<string, unknown> {
  const read = readRequestToken(cloud, githubRequestToken(cloud, job));
  if (!read) throw new Error('no job');
  return idTokenClaims(read, `https:${audience}`, clock.now());
}

async function exchange(subjectToken: string, changes: Record<string, string> = {}): Promise<Answer> {
  return caller(cloud)('POST', '/v1/token', {
    grantType: 'urn:ietf:params:oauth:grant-type:token-exchange',
    requestedTokenType: 'urn:ietf:params:oauth:token-type:access_token',
    subjectTokenType: 'urn:ietf:params:oauth:token-type:jwt',
    scope: 'https://www.googleapis.com/auth/cloud-platform',
    audience,
    subjectToken,
    ...changes,
  });
}

describe('a token exchange', () => {
  it('gives a token that is the job in IAM and lives as long as the ID token', async () => {
    const token = await cloud.keys.sign(claims());
    clock.advance(100_000);
    const { status, body } = await exchange(token);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      token_type: 'Bearer',
      issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    });
    expect([199, 200]).toContain(body.expires_in);
    const pool = 'iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/github';
    expect(cloud.tokens.verify(String(body.access_token))).toMatchObject({
      member: `principal://${pool}/subject/repo:example/fastapi-on-cloud-run:ref:refs/heads/main`,
      memberOf: expect.arrayContaining([
        `principalSet://${pool}/attribute.repository/example/fastapi-on-cloud-run`,
        `principalSet://${pool}/*`,
      ]),
    });
    clock.advance(201_000);
    expect(cloud.tokens.verify(String(body.access_token))).toBeUndefined();
  });

  it('takes a form and the audience without a scheme', async () => {
    const response = await fetch(`${cloud.origin}/v1/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
        subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
        audience,
        scope: 'https://www.googleapis.com/auth/cloud-platform',
        subject_token: await cloud.keys.sign({ ...claims(), aud: audience }),
      }),
    });
    expect(response.status).toBe(200);
  });
});

describe('a provider whose condition asks for an environment', () => {
  it.each([
    ['production', 200],
    ['staging', 400],
    ['Production', 400],
    [undefined, 400],
  ])('answers a job of %s with %d', async (environment, status) => {
    const { pools } = cloud.iamAdmin;
    const provider = pools.get(seededProvider(cloud.project));
    const attributeCondition =
      "assertion.repository_owner == 'example' && assertion.environment == 'production'";
    pools.add({ ...provider, attributeCondition });
    try {
      const answer = await exchange(await cloud.keys.sign(claims(environment ? { environment } : {})));
      expect(answer.status).toBe(status);
      if (status === 400)
        expect(answer.body.error_description).toBe(
          'The given credential is rejected by the attribute condition.',
        );
    } finally {
      pools.add(provider);
    }
  });
});

describe('a token exchange is refused', () => {
  async function refused(token: string | Promise<string>, changes?: Record<string, string>): Promise<string> {
    const { status, body } = await exchange(await token, changes);
    expect(status).toBe(400);
    expect(body).not.toHaveProperty('access_token');
    return `${body.error}: ${body.error_description}`;
  }
  const good = (): Promise<string> => cloud.keys.sign(claims());

  it('for a job that the condition does not want', async () => {
    expect(await refused(cloud.keys.sign(claims({ repository: 'stranger/app' })))).toBe(
      'unauthorized_client: The given credential is rejected by the attribute condition.',
    );
  });

  it('for another audience', async () => {
    expect(await refused(cloud.keys.sign({ ...claims(), aud: 'https://github.com/example' }))).toBe(
      `invalid_grant: The audience in ID Token [https://github.com/example] does not match the expected audience https:${audience}.`,
    );
  });

  it('for another issuer', async () => {
    expect(await refused(cloud.keys.sign({ ...claims(), iss: 'https://accounts.google.com' }))).toMatch(
      /^invalid_grant: The issuer in ID Token https:\/\/accounts.google.com does not match/,
    );
  });

  it('for a stale token', async () => {
    const stale = { ...claims(), iat: 1000, exp: 1300 };
    expect(await refused(cloud.keys.sign(stale))).toBe(
      'invalid_grant: ID Token issued at 1000 is stale to sign-in.',
    );
  });

  it("for a signature of a key that is not the issuer's, whatever kid it claims", async () => {
    const { privateKey } = await generateKeyPair('RS256');
    const kid = (await cloud.keys.jwks('https://token.actions.githubusercontent.com'))?.keys[0]?.kid ?? '';
    const forged = new SignJWT(claims()).setProtectedHeader({ alg: 'RS256', kid }).sign(privateKey);
    expect(await refused(forged)).toBe('invalid_grant: Unable to verify the ID Token signature.');
  });

  it('for an unsigned token and for nonsense', async () => {
    const [, payload] = (await good()).split('.');
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
    expect(await refused(unsigned)).toMatch(/^invalid_grant/);
    expect(await refused('nonsense')).toMatch(/^invalid_grant/);
  });

  it('for a subject over 127 bytes', async () => {
    expect(await refused(cloud.keys.sign(claims({ ref: `refs/heads/${'x'.repeat(120)}` })))).toMatch(
      /^invalid_grant: The size of mapped attribute google.subject exceeds the 127 bytes limit/,
    );
  });

  it('for a provider that does not exist', async () => {
    expect(await refused(good(), { audience: audience.replace('gangway', 'other') })).toMatch(
      /^invalid_target: The target service indicated by the "audience" parameters is invalid/,
    );
  });

  it.each([
    ['a project id', (name: string) => name.replace('123456789012', 'demo-project')],
    ['a pool', (name: string) => name.replace('/providers/gangway', '')],
    ['a name without its service', (name: string) => name.replace('//iam.googleapis.com/', '')],
  ])('for an audience with %s', async (_, change) => {
    expect(await refused(good(), { audience: change(audience) })).toMatch(
      /^invalid_request: Invalid value for "audience"/,
    );
  });

  it('for another grant type', async () => {
    expect(await refused(good(), { grantType: 'password' })).toMatch(/^unsupported_grant_type/);
  });
});
