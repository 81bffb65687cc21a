import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServiceAccountKey } from '@gangway/emulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Job, startJob } from '../helpers/job.ts';

const AUDIENCE = 'https://hello-abc123-uc.a.run.app';
const READ_ONLY = 'https://www.googleapis.com/auth/devstorage.read_only';

describe('create-token', () => {
  let job: Job;
  beforeAll(async () => {
    job = await startJob();
  });
  afterAll(() => job[Symbol.asyncDispose]());

  const info = async (kind: string, token = '') =>
    (await (await fetch(`${job.cloud.origin}/tokeninfo?${kind}=${token}`)).json()) as Record<string, string>;
  const deployer = () => job.exports.GANGWAY_SERVICE_ACCOUNT ?? '';
  const key = async () => JSON.stringify(await createServiceAccountKey(job.cloud, deployer()));

  it('makes an ID token for an audience, with the account in it', async () => {
    const { outputs, masks, summary, log } = await job.step('create-token', { audience: AUDIENCE });
    expect(await info('id_token', outputs.token)).toMatchObject({ aud: AUDIENCE, email: deployer() });
    expect(outputs.type).toBe('id_token');
    expect(Date.parse(outputs.expires_at ?? '')).toBe(
      Number((await info('id_token', outputs.token)).exp) * 1000,
    );
    expect(masks).toContain(outputs.token);
    expect(summary).toContain(AUDIENCE);
    expect(`${summary}${log}`).not.toContain(outputs.token);
  });

  it('makes an access token for the scopes that are asked for, no longer than it is asked to live', async () => {
    const { outputs } = await job.step('create-token', { scopes: 'devstorage.read_only', lifetime: '10m' });
    const { scope, expires_in, email } = await info('access_token', outputs.token);
    expect({ scope, email }).toEqual({ scope: READ_ONLY, email: deployer() });
    expect(Number(expires_in)).toBeGreaterThan(590);
    expect(Number(expires_in)).toBeLessThanOrEqual(600);
    const services = `${job.cloud.origin}/v1/projects/${job.project}/services`;
    const headers = { authorization: `Bearer ${outputs.token}` };
    expect(await (await fetch(services, { headers })).text()).toContain('insufficient authentication scopes');
  });

  it('makes them from a key', async () => {
    const credentials_json = await key();
    const id = await job.step('create-token', { audience: AUDIENCE, credentials_json }, { signIn: false });
    expect(await info('id_token', id.outputs.token)).toMatchObject({ aud: AUDIENCE, email: deployer() });
    const access = await job.step('create-token', { scopes: READ_ONLY, credentials_json }, { signIn: false });
    expect((await info('access_token', access.outputs.token)).scope).toBe(READ_ONLY);
    const fixed = await job.step(
      'create-token',
      { scopes: READ_ONLY, lifetime: '10m', credentials_json },
      { signIn: false, fails: true },
    );
    expect(fixed.annotations[0]?.message).toContain("The lifetime of an access token can't be chosen");
  });

  it('makes an access token of the federated identity itself, but no ID token', async () => {
    const direct = {
      workload_identity_provider: job.exports.GANGWAY_WORKLOAD_IDENTITY_PROVIDER ?? '',
      project_id: job.project,
    };
    const { outputs } = await job.step('create-token', { ...direct, scopes: READ_ONLY }, { signIn: false });
    expect((await info('access_token', outputs.token)).scope).toBe(READ_ONLY);
    const { annotations } = await job.step(
      'create-token',
      { ...direct, audience: AUDIENCE },
      { signIn: false, fails: true },
    );
    expect(annotations[0]?.message).toMatch(
      /ID tokens for an audience to service accounts only[\s\S]*service_account/,
    );
  });

  it('says which role is missing when IAM refuses', async () => {
    await using own = await startJob();
    const account = `projects/${own.project}/serviceAccounts/${own.exports.GANGWAY_SERVICE_ACCOUNT}`;
    own.cloud.iam.set(account, { bindings: [] });
    const { annotations } = await own.step(
      'create-token',
      { audience: AUDIENCE },
      { fails: true, env: { GANGWAY_GRANT_TIMEOUT: '0' } },
    );
    expect(annotations[0]?.message).toMatch(
      /iam\.serviceAccounts\.getOpenIdToken[\s\S]*add-iam-policy-binding .* --role=roles\/iam\.workloadIdentityUser/,
    );
  });

  it('tries again when the token service is not well', async () => {
    job.cloud.faults.add({ match: /generateIdToken$/, times: 2, status: 503 });
    await job.step('create-token', { audience: AUDIENCE });
  });

  it.each([
    [{}, 'Input "audience" is required and was empty.'],
    [{ audience: AUDIENCE, scopes: READ_ONLY }, 'Inputs "audience" and "scopes" exclude each other'],
    [{ audience: AUDIENCE, lifetime: '5m' }, 'Inputs "lifetime" and "audience" exclude each other'],
    [{ scopes: 'All of it' }, 'Input "scopes" is not valid: "All of it"'],
    [{ scopes: READ_ONLY, lifetime: '13h' }, 'Input "lifetime" is not valid: "13h"'],
  ])('refuses %j before any request', async (inputs, message) => {
    const requests = await job.requests(async () => {
      const { annotations } = await job.step('create-token', inputs as Record<string, string>, {
        fails: true,
      });
      expect(annotations[0]?.message).toContain(message);
    });
    expect(requests).toEqual([]);
  });

  it('says what a lifetime above an hour needs', async () => {
    const { annotations } = await job.step(
      'create-token',
      { scopes: READ_ONLY, lifetime: '2h' },
      { fails: true },
    );
    expect(annotations[0]?.message).toContain('allowServiceAccountCredentialLifetimeExtension');
  });

  it('says when GitHub gives no OIDC token', async () => {
    const broken = createServer((_, response) => response.writeHead(500).end());
    await new Promise<void>((done) => broken.listen(0, '127.0.0.1', done));
    try {
      const url = `http://127.0.0.1:${(broken.address() as AddressInfo).port}/?x=1`;
      const { annotations } = await job.step(
        'create-token',
        { audience: AUDIENCE },
        { fails: true, env: { ACTIONS_ID_TOKEN_REQUEST_URL: url, GANGWAY_RETRY_TIMEOUT: '2' } },
      );
      expect(annotations[0]?.message).toMatch(/GitHub did not answer with an OIDC token \(HTTP 500\)/);
    } finally {
      broken.close();
    }
  });
});
