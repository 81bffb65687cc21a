import { manualClock } from '@gangway/emulator';
import { googleCloud } from '@gangway/google-cloud';
import { object } from '@gangway/http';
import { describe, expect, it } from 'vitest';
import { type CloudAround, cloudAround } from '../../test/cloud-around.ts';
import type { Surroundings } from '../sources/source.ts';
import { type Federation, workloadIdentity } from '../sources/workload-identity.ts';
import { TokenClient } from './token-client.ts';

const OIDC = '/github/idtoken';
const STS = '/v1/token';

function impersonation({ exports }: CloudAround): string {
  return `/v1/projects/-/serviceAccounts/${exports.GANGWAY_SERVICE_ACCOUNT}:generateAccessToken`;
}

function client(
  { exports, idToken }: CloudAround,
  federation: Partial<Federation>,
  surroundings: Partial<Surroundings> = {},
): TokenClient {
  const all = { idToken, mask: () => {}, ...surroundings };
  const provider = exports.GANGWAY_WORKLOAD_IDENTITY_PROVIDER ?? '';
  return new TokenClient(workloadIdentity({ provider, ...federation }, all), all);
}

describe('200 calls over 20 minutes', () => {
  const call = {
    service: 'serviceusage',
    method: 'GET',
    path: 'v1/projects/demo-project/services/run.googleapis.com',
    answer: object,
  } as const;

  it('with federated tokens of 300 seconds take 5 OIDC tokens and 5 exchanges', async () => {
    const clock = manualClock();
    await using around = await cloudAround({ clock });
    const api = googleCloud(client(around, {}, { now: clock.now }));
    for (let made = 0; made < 200; made++) {
      await api.request(call);
      clock.advance((20 * 60_000) / 200);
    }
    expect(around.count(`/${call.path}`)).toBe(200);
    expect(around.cloud.requests.filter(({ status }) => status !== 200)).toEqual([]);
    expect(around.count(OIDC)).toBe(5);
    expect(around.count(STS)).toBe(5);
  });

  it('through a service account take one of each', async () => {
    const clock = manualClock();
    await using around = await cloudAround({ clock });
    const { GANGWAY_SERVICE_ACCOUNT: serviceAccount } = around.exports;
    const api = googleCloud(client(around, { serviceAccount }, { now: clock.now }));
    for (let made = 0; made < 200; made++) {
      await api.request(call);
      clock.advance((20 * 60_000) / 200);
    }
    expect([around.count(OIDC), around.count(STS), around.count(impersonation(around))]).toEqual([1, 1, 1]);
  });
});

it('makes one exchange for all who ask at once', async () => {
  await using around = await cloudAround();
  const { GANGWAY_SERVICE_ACCOUNT: serviceAccount } = around.exports;
  const tokens = client(around, { serviceAccount });
  const got = await Promise.all(Array.from({ length: 50 }, () => tokens.getAccessToken()));
  expect(new Set(got.map(({ token }) => token)).size).toBe(1);
  expect([around.count(OIDC), around.count(STS), around.count(impersonation(around))]).toEqual([1, 1, 1]);
});

it('renews for who keeps a token long, when most of its life is not left', async () => {
  const clock = manualClock();
  await using around = await cloudAround({ clock });
  const tokens = client(around, {}, { now: clock.now });
  const first = await tokens.getYoungToken();
  clock.advance(50_000);
  expect(await tokens.getYoungToken()).toEqual(first);
  clock.advance(50_000);
  expect(await tokens.getAccessToken()).toEqual(first);
  expect(await tokens.getYoungToken()).not.toEqual(first);
});

it('masks the token on the way and the last one', async () => {
  await using around = await cloudAround();
  const masked: string[] = [];
  const { GANGWAY_SERVICE_ACCOUNT: serviceAccount } = around.exports;
  const before = new Set(around.cloud.tokens.all());
  await client(around, { serviceAccount }, { mask: (secret) => masked.push(secret) }).getAccessToken();
  const issued = around.cloud.tokens.all().filter((token) => !before.has(token));
  expect(issued).toHaveLength(2);
  expect(masked).toEqual(issued);
});

it.each([
  ['STS answers 503', STS, { status: 503 }],
  ['STS answers 429', STS, { status: 429 }],
  ['STS cuts the connection', STS, { reset: true }],
  ['IAM answers 500', 'generateAccessToken', { status: 500 }],
  ['IAM cuts the connection', 'generateAccessToken', { reset: true }],
])('tries again when %s, on POST too', async (_, path, fault) => {
  await using around = await cloudAround();
  around.cloud.faults.add({ match: new RegExp(`^POST .*${path}$`), times: 2, ...fault });
  const { GANGWAY_SERVICE_ACCOUNT: serviceAccount } = around.exports;
  const retried: string[] = [];
  const onRetry = (error: unknown) => retried.push(String(error));
  const { token } = await client(around, { serviceAccount }, { onRetry }).getAccessToken();
  expect(around.cloud.tokens.verify(token)?.email).toBe(serviceAccount);
  expect(retried).toHaveLength(2);
  // What the first exchange gave is used again, not asked for again.
  if (path !== STS) expect(around.count(OIDC)).toBe(1);
});

describe('a grant that is not known everywhere yet', () => {
  const resource = 'projects/demo-project/serviceAccounts/deployer@demo-project.iam.gserviceaccount.com';

  it('is waited for', async () => {
    await using around = await cloudAround();
    const { GANGWAY_SERVICE_ACCOUNT: serviceAccount } = around.exports;
    const granted = around.cloud.iam.get(resource);
    around.cloud.iam.set(resource, { bindings: [] });
    const retried: string[] = [];
    const onRetry = (error: unknown) => {
      retried.push(String(error));
      if (retried.length === 2) around.cloud.iam.set(resource, { bindings: granted.bindings });
    };
    await client(around, { serviceAccount }, { onRetry, grantTimeout: 20_000 }).getAccessToken();
    expect(retried).toHaveLength(2);
    expect(around.count(STS)).toBe(1);
  });

  it('is not waited for longer than told', async () => {
    await using around = await cloudAround();
    const { GANGWAY_SERVICE_ACCOUNT: serviceAccount } = around.exports;
    around.cloud.iam.set(resource, { bindings: [] });
    const asked = client(around, { serviceAccount }, { grantTimeout: 1200 }).getAccessToken();
    await expect(asked).rejects.toMatchObject({ code: 'impersonation-denied' });
    const tries = around.count(impersonation(around));
    expect(tries).toBeGreaterThanOrEqual(2);
    expect(tries).toBeLessThanOrEqual(4);
  });
});

it('goes through a chain of delegates', async () => {
  await using around = await cloudAround();
  const { cloud, exports } = around;
  const delegates = [
    'first@demo-project.iam.gserviceaccount.com',
    'second@demo-project.iam.gserviceaccount.com',
  ];
  for (const email of delegates) cloud.iamAdmin.accounts.add('demo-project', email);
  const way = [...delegates, exports.GANGWAY_SERVICE_ACCOUNT ?? ''];
  const repository = `principalSet://iam.googleapis.com/${exports.GANGWAY_WORKLOAD_IDENTITY_PROVIDER?.replace(/\/providers.*/, '')}/attribute.repository/example/fastapi-on-cloud-run`;
  way.forEach((email, index) => {
    const member = index === 0 ? repository : `serviceAccount:${way[index - 1]}`;
    cloud.iam.grant(
      `projects/demo-project/serviceAccounts/${email}`,
      'roles/iam.serviceAccountTokenCreator',
      member,
    );
  });
  const { token } = await client(around, { serviceAccount: way[2], delegates }).getAccessToken();
  expect(cloud.tokens.verify(token)?.email).toBe(way[2]);

  cloud.iam.set(`projects/demo-project/serviceAccounts/${way[1]}`, { bindings: [] });
  const broken = client(around, { serviceAccount: way[2], delegates }, { grantTimeout: 0 });
  await expect(broken.getAccessToken()).rejects.toMatchObject({
    code: 'impersonation-denied',
    hint: expect.stringContaining(
      `add-iam-policy-binding ${way[1]} --project=demo-project --role=roles/iam.serviceAccountTokenCreator --member='serviceAccount:${way[0]}'`,
    ),
  });
});

it.each([0, -1, '-3600'])('takes no token that is over when it comes: expires_in %j', async (expires_in) => {
  await using around = await cloudAround();
  const body = { access_token: 'ya29.over', token_type: 'Bearer', expires_in };
  around.cloud.faults.add({ match: /^POST .*\/v1\/token$/, times: 1, status: 200, body });
  await expect(client(around, {}).getAccessToken()).rejects.toMatchObject({
    code: 'answer-unexpected',
    message: expect.stringContaining(`expires_in is ${expires_in}`),
  });
});
