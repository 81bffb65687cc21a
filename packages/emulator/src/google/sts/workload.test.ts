import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caller } from '../../../test/client.ts';
import { type RunningCloud, startCloud } from '../../cloud.ts';

const ISSUER =
  'https://container.googleapis.com/v1/projects/demo-project/locations/us-central1/clusters/main';
const POOL = 'demo-project.svc.id.goog';

describe('a token of a Kubernetes service account', () => {
  let cloud: RunningCloud;
  let key: Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];
  beforeAll(async () => {
    cloud = await startCloud();
    const pair = await generateKeyPair('RS256');
    key = pair.privateKey;
    const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'RS256', kty: 'RSA' };
    const shown = { name: 'main', location: 'us-central1', endpoint: '127.1.2.3', certificate: '' };
    const identity = { issuer: ISSUER, keys: async () => ({ keys: [jwk] }) };
    cloud.clusters.attach({ ...shown, version: '1.34.4', nodes: 1, identity }, Date.now());
  });
  afterAll(() => cloud.close());

  const sign = (claims: object = {}, kid = 'one') =>
    new SignJWT({
      iss: ISSUER,
      aud: [POOL],
      sub: 'system:serviceaccount:flyte:flyteadmin',
      'kubernetes.io': { namespace: 'flyte', serviceaccount: { name: 'flyteadmin', uid: 'the-uid' } },
      ...claims,
    })
      .setProtectedHeader({ alg: 'RS256', kid })
      .setIssuedAt()
      .setExpirationTime('30m')
      .sign(key);
  const exchange = (token: string, audience = `identitynamespace:${POOL}:${ISSUER}`) =>
    caller(cloud)('POST', '/v1/token', {
      grantType: 'urn:ietf:params:oauth:grant-type:token-exchange',
      requestedTokenType: 'urn:ietf:params:oauth:token-type:access_token',
      subjectTokenType: 'urn:ietf:params:oauth:token-type:jwt',
      scope: 'https://www.googleapis.com/auth/cloud-platform',
      audience,
      subjectToken: token,
    });

  it('is given one that IAM knows by the names of the pool', async () => {
    const { status, body } = await exchange(await sign());
    expect(status).toBe(200);
    expect([1799, 1800]).toContain(body.expires_in);
    const pool = `iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/${POOL}`;
    expect(cloud.tokens.verify(String(body.access_token))).toEqual({
      member: `principal://${pool}/subject/ns/flyte/sa/flyteadmin`,
      memberOf: [
        `serviceAccount:${POOL}[flyte/flyteadmin]`,
        `principalSet://${pool}/namespace/flyte`,
        `principalSet://${pool}/kubernetes.serviceaccount.uid/the-uid`,
        `principalSet://${pool}/kubernetes.cluster/${ISSUER}`,
        `principalSet://${pool}/*`,
      ],
    });
  });

  it.each([
    ['another pool', {}, `identitynamespace:other.svc.id.goog:${ISSUER}`, 'invalid_target'],
    ['another cluster', {}, `identitynamespace:${POOL}:${ISSUER}2`, 'invalid_target'],
    [
      'a token for another audience',
      { aud: 'https://example.com' },
      undefined,
      'does not match the expected audience',
    ],
    [
      'a token of another issuer',
      { iss: 'https://example.com' },
      undefined,
      'does not match the expected ones',
    ],
    ['a person', { sub: 'system:admin' }, undefined, 'no Kubernetes service account'],
  ])('is refused for %s', async (_, claims, audience, said) => {
    const { status, body } = await exchange(await sign(claims), audience);
    expect(status).toBe(400);
    expect(`${body.error} ${body.error_description}`).toContain(said);
  });

  it('is refused when no key of the cluster signed it', async () => {
    expect((await exchange(await sign({}, 'two'))).body.error_description).toBe(
      'Unable to verify the ID Token signature.',
    );
  });
});
