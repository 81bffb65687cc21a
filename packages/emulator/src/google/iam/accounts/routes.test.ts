import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caller, tokenOf } from '../../../../test/client.ts';
import { type RunningCloud, startCloud } from '../../../cloud.ts';
import { OWNER, seededAccounts } from '../../../seeded.ts';

const ACCOUNTS = '/v1/projects/demo-project/serviceAccounts';

let cloud: RunningCloud;
let owner: ReturnType<typeof caller>;
let stranger: ReturnType<typeof caller>;
let deployer: string;
beforeAll(async () => {
  cloud = await startCloud();
  owner = caller(cloud, tokenOf(cloud, OWNER));
  stranger = caller(cloud, tokenOf(cloud, 'stranger@example.com'));
  ({ deployer } = seededAccounts(cloud.project));
});
afterAll(() => cloud.close());

describe('service accounts', () => {
  it('are created once and then found by e-mail, unique id and in the list', async () => {
    const request = { accountId: 'runner', serviceAccount: { displayName: 'Runs' } };
    const { body } = await owner('POST', ACCOUNTS, request);
    expect(body).toMatchObject({ email: 'runner@demo-project.iam.gserviceaccount.com', displayName: 'Runs' });
    expect((await owner('POST', ACCOUNTS, request)).status).toBe(409);
    expect((await owner('GET', `${ACCOUNTS}/${body.email}`)).body).toEqual(body);
    expect((await owner('GET', `/v1/projects/-/serviceAccounts/${body.uniqueId}`)).body).toEqual(body);
    expect(JSON.stringify((await owner('GET', ACCOUNTS)).body)).toContain(String(body.email));
  });

  it.each(['', 'short', 'Upper-case', 'ends-with-', 'x'.repeat(31)])(
    'refuse the id "%s"',
    async (accountId) => {
      expect((await owner('POST', ACCOUNTS, { accountId })).status).toBe(400);
    },
  );

  it('are hidden from who may not see them, there or not', async () => {
    const there = await stranger('GET', `${ACCOUNTS}/${deployer}`);
    expect(there.status).toBe(403);
    expect((await stranger('GET', `${ACCOUNTS}/missing@demo-project.iam.gserviceaccount.com`)).body).toEqual(
      there.body,
    );
    expect((await owner('GET', `${ACCOUNTS}/missing@demo-project.iam.gserviceaccount.com`)).status).toBe(404);
    expect((await stranger('GET', ACCOUNTS)).status).toBe(403);
    expect((await caller(cloud)('GET', `${ACCOUNTS}/${deployer}`)).status).toBe(401);
  });
});

describe('the allow policy of a service account', () => {
  const path = () => `/v1/projects/-/serviceAccounts/${deployer}`;

  it('is read, changed and then in force', async () => {
    const { body: policy } = await owner('POST', `${path()}:getIamPolicy`);
    const bindings = [
      ...(policy.bindings as object[]),
      { role: 'roles/iam.serviceAccountUser', members: ['user:stranger@example.com'] },
    ];
    expect((await stranger('POST', `${path()}:setIamPolicy`, { policy: { bindings } })).status).toBe(403);
    const { status } = await owner('POST', `${path()}:setIamPolicy`, {
      policy: { etag: policy.etag, bindings },
    });
    expect(status).toBe(200);
    expect((await stranger('GET', path())).status).toBe(200);
  });

  it('keeps a change that came between', async () => {
    const { body: policy } = await owner('POST', `${path()}:getIamPolicy`);
    cloud.iam.grant(
      `projects/demo-project/serviceAccounts/${deployer}`,
      'roles/viewer',
      'user:a@example.com',
    );
    expect((await owner('POST', `${path()}:setIamPolicy`, { policy })).status).toBe(409);
  });
});

describe('service-account keys', () => {
  it('come as a key file, once', async () => {
    const { body } = await owner('POST', `${ACCOUNTS}/${deployer}/keys`, {});
    const file = JSON.parse(Buffer.from(String(body.privateKeyData), 'base64').toString());
    expect(file).toMatchObject({
      type: 'service_account',
      project_id: 'demo-project',
      client_email: deployer,
      token_uri: 'https://oauth2.googleapis.com/token',
      private_key: expect.stringMatching(/^-----BEGIN PRIVATE KEY-----/),
    });
    const { body: list } = await owner('GET', `${ACCOUNTS}/${deployer}/keys`);
    expect(list).toMatchObject({ keys: [{ name: body.name }] });
    expect(JSON.stringify(list)).not.toContain('private_key');
    expect(String(body.name)).toContain(file.private_key_id);
    expect((await owner('DELETE', `/v1/${body.name}`)).status).toBe(200);
    expect((await owner('GET', `/v1/${body.name}`)).status).toBe(404);
  });

  it('are not for everybody', async () => {
    const deployerCalls = caller(cloud, tokenOf(cloud, deployer));
    expect((await deployerCalls('POST', `${ACCOUNTS}/${deployer}/keys`, {})).status).toBe(403);
  });
});

describe('workload identity providers', () => {
  const pool = '/v1/projects/demo-project/locations/global/workloadIdentityPools/github';

  it('are shown by number', async () => {
    const { body } = await owner('GET', `${pool}/providers/gangway`);
    expect(body).toMatchObject({
      name: 'projects/123456789012/locations/global/workloadIdentityPools/github/providers/gangway',
      attributeCondition: "assertion.repository_owner == 'example'",
      oidc: { issuerUri: 'https://token.actions.githubusercontent.com' },
    });
    expect((await owner('GET', `${pool}/providers`)).body).toEqual({ workloadIdentityPoolProviders: [body] });
    expect((await owner('GET', pool)).body.state).toBe('ACTIVE');
  });

  it('are not found under another name', async () => {
    expect((await owner('GET', `${pool}/providers/other`)).status).toBe(404);
    expect((await owner('GET', pool.replace('github', 'gitlab'))).status).toBe(404);
    expect((await stranger('GET', pool)).status).toBe(403);
  });
});

describe('a workload identity pool', () => {
  const pools = '/v1/projects/demo-project/locations/global/workloadIdentityPools';
  const github = {
    attributeMapping: { 'google.subject': 'assertion.sub' },
    attributeCondition: "assertion.repository == 'a/b'",
    oidc: { issuerUri: 'https://token.actions.githubusercontent.com' },
  };
  const finished = async (answer: Awaited<ReturnType<typeof owner>>) => {
    for (;;) {
      const { body } = await owner('GET', `/v1/${answer.body.name}`);
      if (body.done) return body.response;
    }
  };

  it('is made, then its provider, each by an operation of its own', async () => {
    const made = await owner('POST', `${pools}?workloadIdentityPoolId=ours`, { displayName: 'Ours' });
    expect(made.body.name).toMatch(/workloadIdentityPools\/ours\/operations\//);
    expect(await finished(made)).toMatchObject({ displayName: 'Ours', state: 'ACTIVE' });
    expect((await owner('POST', `${pools}?workloadIdentityPoolId=ours`, {})).status).toBe(409);
    const path = `${pools}/ours/providers?workloadIdentityPoolProviderId=jobs`;
    const provider = await finished(await owner('POST', path, github));
    expect(provider).toMatchObject(github);
    await owner('PATCH', `${pools}/ours/providers/jobs?updateMask=attributeCondition`, {
      attributeCondition: "assertion.ref == 'refs/heads/main'",
    });
    expect((await owner('GET', `${pools}/ours/providers/jobs`)).body).toMatchObject({
      attributeCondition: "assertion.ref == 'refs/heads/main'",
      oidc: github.oidc,
    });
  });

  it.each([
    [{ ...github, attributeCondition: '' }, "must reference one of the provider's claims"],
    [{ ...github, attributeCondition: "'a' == 'a'" }, "must reference one of the provider's claims"],
    [{ ...github, attributeCondition: 'assertion.ref ==' }, 'Invalid CEL expression'],
    [{ ...github, attributeMapping: {} }, 'must map google.subject'],
    [{ ...github, attributeMapping: { ...github.attributeMapping, ref: 'assertion.ref' } }, 'mapping key'],
    [{ ...github, oidc: { issuerUri: 'http://localhost' } }, 'https'],
  ])('refuses a provider like %j', async (provider, message) => {
    await owner('POST', `${pools}?workloadIdentityPoolId=strict`, {});
    const path = `${pools}/strict/providers?workloadIdentityPoolProviderId=wrong`;
    const { status, body } = await owner('POST', path, provider);
    expect(status).toBe(400);
    expect(JSON.stringify(body)).toContain(message);
  });

  it('refuses short and reserved ids, and who may not', async () => {
    for (const id of ['abc', 'gcp-pool', 'Pool'])
      expect((await owner('POST', `${pools}?workloadIdentityPoolId=${id}`, {})).status).toBe(400);
    expect((await stranger('POST', `${pools}?workloadIdentityPoolId=theirs`, {})).status).toBe(403);
  });

  it('takes no token while it is off', async () => {
    const provider = 'projects/123456789012/locations/global/workloadIdentityPools/github/providers/gangway';
    expect(cloud.iamAdmin.pools.active(provider)).toBeDefined();
    await owner('PATCH', `${pools}/github?updateMask=disabled`, { disabled: true });
    expect(cloud.iamAdmin.pools.active(provider)).toBeUndefined();
    await owner('PATCH', `${pools}/github?updateMask=disabled`, { disabled: false });
    await owner('DELETE', `${pools}/github`);
    expect(cloud.iamAdmin.pools.active(provider)).toBeUndefined();
    await owner('POST', `${pools}/github:undelete`, {});
    expect(cloud.iamAdmin.pools.active(provider)).toBeDefined();
  });
});
