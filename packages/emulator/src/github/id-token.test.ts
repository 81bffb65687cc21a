import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caller } from '../../test/client.ts';
import { type RunningCloud, startCloud } from '../cloud.ts';
import { manualClock } from '../kernel/clock.ts';
import { githubRequestUrl } from './id-token.ts';
import { githubRequestToken } from './request-token.ts';

const clock = manualClock();
let cloud: RunningCloud;
beforeAll(async () => {
  cloud = await startCloud({ clock });
});
afterAll(() => cloud.close());

async function ask(claims: Record<string, string> = {}, query = ''): Promise<string> {
  const response = await fetch(`${githubRequestUrl(cloud)}${query}`, {
    headers: { authorization: `Bearer ${githubRequestToken(cloud, claims)}` },
  });
  return ((await response.json()) as { value: string }).value;
}

describe('the ID token of a job', () => {
  it('verifies against the keys that the discovery document names', async () => {
    const { body } = await caller(cloud)('GET', '/github/.well-known/openid-configuration');
    const keys = createRemoteJWKSet(new URL(String(body.jwks_uri)));
    const { payload } = await jwtVerify(await ask({}, '&audience=me'), keys, {
      issuer: String(body.issuer),
      audience: 'me',
    });
    expect(payload).toMatchObject({
      iss: 'https://token.actions.githubusercontent.com',
      sub: 'repo:example/fastapi-on-cloud-run:ref:refs/heads/main',
      repository: 'example/fastapi-on-cloud-run',
      repository_owner: 'example',
      ref_type: 'branch',
      job_workflow_ref: 'example/fastapi-on-cloud-run/.github/workflows/deploy.yml@refs/heads/main',
      runner_environment: 'github-hosted',
    });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(300);
  });

  it('is for the owner unless an audience is asked for', async () => {
    expect(decodeJwt(await ask({ repository: 'acme/site' })).aud).toBe('https://github.com/acme');
  });

  it.each([
    [{ environment: 'prod:eu' }, 'repo:example/fastapi-on-cloud-run:environment:prod%3Aeu'],
    [
      { event_name: 'pull_request', ref: 'refs/pull/7/merge' },
      'repo:example/fastapi-on-cloud-run:pull_request',
    ],
    [{ repository: 'acme/site', ref: 'refs/tags/v1' }, 'repo:acme/site:ref:refs/tags/v1'],
    // Of GitHub's documentation.
    [{ repository: 'octo-org/octo-repo', environment: 'prod' }, 'repo:octo-org/octo-repo:environment:prod'],
    [
      { repository: 'octo-org/octo-repo', event_name: 'pull_request', environment: 'prod' },
      'repo:octo-org/octo-repo:environment:prod',
    ],
    [
      {
        ...{ repository: 'octocat/my-repo', immutable_subject: 'true' },
        ...{ repository_owner_id: '123456', repository_id: '456789' },
      },
      'repo:octocat@123456/my-repo@456789:ref:refs/heads/main',
    ],
  ])('has the subject of %j', async (claims, subject) => {
    expect(decodeJwt(await ask(claims)).sub).toBe(subject);
  });

  it('is of the job that the cloud was started for', async () => {
    const calledWorkflow = 'acme/flows/.github/workflows/deploy.yml@refs/heads/main';
    const own = await startCloud({
      job: { repository: 'acme/shop', event: 'pull_request', environment: 'staging', calledWorkflow },
    });
    const { ACTIONS_ID_TOKEN_REQUEST_URL: url = '', ACTIONS_ID_TOKEN_REQUEST_TOKEN: token = '' } = own.env();
    const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    const claims = decodeJwt(((await answer.json()) as { value: string }).value);
    expect(claims).toMatchObject({
      sub: 'repo:acme/shop:environment:staging',
      repository: 'acme/shop',
      repository_owner: 'acme',
      ref: 'refs/pull/1/merge',
      event_name: 'pull_request',
      base_ref: 'main',
      job_workflow_ref: calledWorkflow,
      workflow_ref: 'acme/shop/.github/workflows/deploy.yml@refs/pull/1/merge',
    });
    const document = await fetch(`${own.origin}/github/.well-known/openid-configuration`);
    const { claims_supported: known } = (await document.json()) as { claims_supported: string[] };
    expect(Object.keys(claims).filter((name) => !known.includes(name))).toEqual([]);
    await own.close();
  });

  it('names an environment only where the job does', async () => {
    expect(decodeJwt(await ask({ environment: 'prod:eu' })).environment).toBe('prod:eu');
    expect(decodeJwt(await ask())).not.toHaveProperty('environment');
    expect(decodeJwt(await ask({ immutable_subject: 'true' }))).not.toHaveProperty('immutable_subject');
  });
});

describe('the request token', () => {
  it.each(['', 'nonsense', 'a.b.c'])('is refused when it is "%s"', async (token) => {
    const answer = await caller(cloud, token)('GET', '/github/idtoken?audience=x');
    expect(answer.status).toBe(401);
  });

  it('is refused when its claims were changed', async () => {
    const [header, , signature] = githubRequestToken(cloud).split('.');
    const forged = Buffer.from(JSON.stringify({ job: { repository: 'a/b' }, exp: 9e9 })).toString(
      'base64url',
    );
    expect((await caller(cloud, `${header}.${forged}.${signature}`)('GET', '/github/idtoken')).status).toBe(
      401,
    );
  });

  it('expires', async () => {
    const token = githubRequestToken(cloud);
    expect((await caller(cloud, token)('GET', '/github/idtoken')).status).toBe(200);
    clock.advance(13 * 3600_000);
    expect((await caller(cloud, token)('GET', '/github/idtoken')).status).toBe(401);
  });
});
