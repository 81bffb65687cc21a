import { fields, object, text } from '@gangway/http';
import { expect, it } from 'vitest';
import { serve, signedIn } from '../test/serve.ts';
import { googleCloud } from './client.ts';

const FAST = { firstDelay: 5, deadline: 2000 };
const GET = { service: 'run', method: 'GET', path: 'v2/projects/p/services/s', answer: object } as const;
const unavailable = { status: 503, body: { error: { status: 'UNAVAILABLE', message: 'Later.' } } };

it('sends method, path, query, body and token, and gives the JSON of the answer', async () => {
  await using server = await serve(() => ({ body: { name: 'x' } }));
  const answer = await googleCloud(signedIn()).request({
    service: 'serviceusage',
    method: 'POST',
    path: 'v1/projects/p/services:batchEnable',
    query: { names: ['a b', 'c'], one: '1', none: undefined },
    body: { serviceIds: ['run.googleapis.com'] },
    answer: fields<{ name: string }>({ name: text }, 'name'),
  });
  expect(answer).toEqual({ name: 'x' });
  expect(server.requests).toMatchObject([
    {
      method: 'POST',
      path: '/v1/projects/p/services:batchEnable?names=a+b&names=c&one=1',
      headers: { authorization: 'Bearer a-token', 'content-type': 'application/json' },
      body: '{"serviceIds":["run.googleapis.com"]}',
    },
  ]);
});

it('takes an empty answer for an empty object', async () => {
  await using _ = await serve(() => ({ status: 204 }));
  expect(await googleCloud(signedIn()).request(GET)).toEqual({});
});

it('tries again after a 503 and after a connection that broke, telling why', async () => {
  await using server = await serve((_, number) =>
    number === 1 ? unavailable : number === 2 ? 'reset' : { body: { ok: true } },
  );
  const reasons: unknown[] = [];
  const onRetry = ({ error }: { error: unknown }) => reasons.push(error);
  expect(await googleCloud(signedIn(), { ...FAST, onRetry }).request(GET)).toEqual({ ok: true });
  expect(server.requests).toHaveLength(3);
  expect(reasons).toMatchObject([{ status: 'UNAVAILABLE' }, expect.any(Error)]);
});

it('waits for Retry-After', async () => {
  await using _ = await serve((_, number) =>
    number === 1 ? { ...unavailable, status: 429, headers: { 'retry-after': '1' } } : { body: {} },
  );
  const started = performance.now();
  await googleCloud(signedIn(), { ...FAST, deadline: 5000 }).request(GET);
  expect(performance.now() - started).toBeGreaterThanOrEqual(990);
});

it('does not try again what was refused', async () => {
  await using server = await serve(() => ({
    status: 403,
    body: { error: { status: 'PERMISSION_DENIED', message: "Permission 'run.services.get' denied" } },
  }));
  await expect(googleCloud(signedIn(), FAST).request(GET)).rejects.toMatchObject({
    name: 'GoogleError',
    httpStatus: 403,
    message: `GET ${server.host}/v2/projects/p/services/s: PERMISSION_DENIED: Permission 'run.services.get' denied`,
  });
  expect(server.requests).toHaveLength(1);
});

it('throws the last refusal when the time is up', async () => {
  await using server = await serve(() => unavailable);
  await expect(googleCloud(signedIn(), { firstDelay: 20, deadline: 500 }).request(GET)).rejects.toMatchObject(
    { status: 'UNAVAILABLE' },
  );
  expect(server.requests.length).toBeGreaterThan(2);
});

it('says what to look at when nothing answers', async () => {
  const gone = await serve(() => ({}));
  await gone[Symbol.asyncDispose]();
  process.env.CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN = `http://${gone.host}/`;
  await expect(googleCloud(signedIn(), { ...FAST, deadline: 100 }).request(GET)).rejects.toMatchObject({
    code: 'unreachable',
    message: expect.stringMatching(/^GET 127\.0\.0\.1:\d+\/v2\S+ got no answer: .*ECONNREFUSED/),
    hint: expect.stringContaining('HTTPS_PROXY'),
  });
  delete process.env.CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN;
});

it("shows what was answered in Google's place", async () => {
  await using _ = await serve(() => ({ body: '<html>Sign in to the guest network</html>' }));
  await expect(googleCloud(signedIn()).request(GET)).rejects.toMatchObject({
    code: 'answer-unexpected',
    message: expect.stringContaining('Sign in to the guest network'),
  });
});

it('shows nothing of an answer that was cut off, which may hold a secret', async () => {
  await using _ = await serve(() => ({ body: '{"keyString":"AIza-secret' }));
  const failed = googleCloud(signedIn(), FAST).request(GET);
  await expect(failed).rejects.toMatchObject({ code: 'answer-damaged', cause: undefined });
  await expect(failed).rejects.not.toThrow('AIza');
});

it('breaks off a request that is cancelled', async () => {
  await using _ = await serve(() => new Promise(() => {}));
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 50);
  const started = performance.now();
  await expect(
    googleCloud(signedIn(), { ...FAST, signal: controller.signal }).request(GET),
  ).rejects.toThrow();
  expect(performance.now() - started).toBeLessThan(10_000);
});

it('sends once what a second try could do twice', async () => {
  await using server = await serve(() => 'reset');
  const request = { ...GET, method: 'POST', once: true } as const;
  await expect(googleCloud(signedIn(), FAST).request(request)).rejects.toThrow('got no answer');
  expect(server.requests).toHaveLength(1);
});
