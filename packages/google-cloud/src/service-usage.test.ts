import { expect, it } from 'vitest';
import { type Answer, type Received, serve, signedIn } from '../test/serve.ts';
import { googleCloud } from './client.ts';
import { enableServices } from './service-usage.ts';

const WAIT = { timeout: 10_000 };

/** A Service Usage of these services; what it is asked to enable is on at once. */
function serviceUsage(on: Set<string>, hidden: readonly string[] = []) {
  const refused: Answer = {
    status: 403,
    body: {
      error: { status: 'PERMISSION_DENIED', message: 'Not found or permission denied for service(s).' },
    },
  };
  const show = (name: string) => ({
    name: `projects/1/services/${name}`,
    state: on.has(name) ? 'ENABLED' : 'DISABLED',
  });
  return ({ path, body }: Received): Answer => {
    const url = new URL(path, 'http://h');
    const last = url.pathname.split('/').at(-1) ?? '';
    if (last === 'services:batchGet') {
      const names = url.searchParams.getAll('names').map((name) => name.split('/').at(-1) ?? '');
      return names.some((name) => hidden.includes(name)) ? refused : { body: { services: names.map(show) } };
    }
    const enabled = last === 'services:batchEnable' ? (JSON.parse(body).serviceIds as string[]) : [];
    if (last.endsWith(':enable')) enabled.push(last.slice(0, -':enable'.length));
    for (const name of enabled) on.add(name);
    if (enabled.length > 0) return { body: { name: 'operations/o', done: true, response: {} } };
    return hidden.includes(last) ? refused : { body: show(last) };
  };
}

const paths = (requests: readonly Received[]) => requests.map(({ method, path }) => `${method} ${path}`);
const names = (count: number) => Array.from({ length: count }, (_, index) => `s${index}.googleapis.com`);

it('asks for one by its name, and enables one alone', async () => {
  const on = new Set<string>();
  await using server = await serve(serviceUsage(on));
  const result = await enableServices(googleCloud(signedIn()), 'p', ['run.googleapis.com'], WAIT);
  expect(result).toEqual({ enabled: ['run.googleapis.com'], alreadyEnabled: [] });
  expect(paths(server.requests)).toEqual([
    'GET /v1/projects/p/services/run.googleapis.com',
    'POST /v1/projects/p/services/run.googleapis.com:enable',
  ]);
});

it('changes nothing when all are on, and asks for a name once only', async () => {
  await using server = await serve(serviceUsage(new Set(names(2))));
  const result = await enableServices(googleCloud(signedIn()), 'p', [...names(2), ...names(2)], WAIT);
  expect(result).toEqual({ enabled: [], alreadyEnabled: names(2) });
  expect(paths(server.requests)).toEqual([expect.stringMatching(/^GET .*:batchGet\?/)]);
});

it('asks for 30 at a time and enables 20 at a time, the rest alone', async () => {
  const on = new Set(names(20));
  await using server = await serve(serviceUsage(on));
  const result = await enableServices(googleCloud(signedIn()), 'p', names(61), WAIT);
  expect(result.alreadyEnabled).toEqual(names(20));
  expect(result.enabled).toEqual(names(61).slice(20));
  expect([...on].sort()).toEqual(names(61).sort());
  const asked = server.requests.filter(({ path }) => path.includes(':batchGet'));
  expect(asked.map(({ path }) => new URL(path, 'http://h').searchParams.getAll('names').length)).toEqual([
    30, 30,
  ]);
  const posted = server.requests.filter(({ method }) => method === 'POST');
  expect(posted.map(({ body }) => JSON.parse(body).serviceIds?.length ?? 'alone')).toEqual([20, 20, 'alone']);
});

it('asks for each when one that it may not see fails the batch', async () => {
  const on = new Set(['a.googleapis.com']);
  await using server = await serve(serviceUsage(on, ['b.example.com']));
  const wanted = ['a.googleapis.com', 'b.example.com'];
  const result = await enableServices(googleCloud(signedIn()), 'p', wanted, WAIT);
  expect(result).toEqual({ enabled: ['b.example.com'], alreadyEnabled: ['a.googleapis.com'] });
  expect(server.requests.filter(({ method }) => method === 'GET')).toHaveLength(3);
});

it('waits while another activation runs, and says so', async () => {
  let posts = 0;
  const usage = serviceUsage(new Set());
  await using _ = await serve((request) => {
    if (request.method !== 'POST' || ++posts > 1) return usage(request);
    const message = 'Another activation or deactivation is in progress for the service.';
    return { status: 400, body: { error: { status: 'FAILED_PRECONDITION', message } } };
  });
  const reasons: string[] = [];
  const onWait = (reason: string) => reasons.push(reason);
  const started = performance.now();
  await enableServices(googleCloud(signedIn()), 'p', names(1), { ...WAIT, onWait });
  expect(performance.now() - started).toBeGreaterThanOrEqual(990);
  expect(reasons).toEqual(['another activation is in progress']);
});

it('throws what waiting does not cure at once', async () => {
  const usage = serviceUsage(new Set());
  await using _ = await serve((request) =>
    request.method === 'GET'
      ? usage(request)
      : { status: 403, body: { error: { message: 'Not found or permission denied for service(s).' } } },
  );
  await expect(enableServices(googleCloud(signedIn()), 'p', names(1), WAIT)).rejects.toMatchObject({
    httpStatus: 403,
  });
});
