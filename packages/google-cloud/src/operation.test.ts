import { object } from '@gangway/http';
import { describe, expect, it } from 'vitest';
import { serve, signedIn } from '../test/serve.ts';
import { googleCloud } from './client.ts';
import { GoogleError } from './error.ts';
import { pollOperation, waitForOperation } from './operation.ts';

const started = { name: 'projects/p/operations/o' };
const RUN = { service: 'run', version: 'v2', response: object } as const;
const WAIT = { timeout: 10_000 };

describe('waitForOperation', () => {
  it('asks until it is done, and gives the response', async () => {
    await using server = await serve((_, number) => ({
      body: { ...started, done: number === 2, response: { uri: 'u' } },
    }));
    const cloud = googleCloud(signedIn());
    const begun = performance.now();
    expect(await waitForOperation(cloud, RUN, started, 'rolling out s', WAIT)).toEqual({ uri: 'u' });
    const elapsed = performance.now() - begun;
    expect(elapsed).toBeGreaterThanOrEqual(1240);
    expect(elapsed).toBeLessThan(WAIT.timeout);
    expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /v2/projects/p/operations/o',
      'GET /v2/projects/p/operations/o',
    ]);
  });

  it('asks nothing when it is done from the start', async () => {
    const cloud = { request: () => Promise.reject(new Error('asked')) };
    const done = { ...started, done: true, response: { a: 1 } };
    expect(await waitForOperation(cloud, RUN, done, 'x', WAIT)).toEqual({ a: 1 });
  });
});

describe('pollOperation', () => {
  const pending = async () => started;

  it.each([
    [3, 400, 'INVALID_ARGUMENT'],
    [7, 403, 'PERMISSION_DENIED'],
    [9, 400, 'FAILED_PRECONDITION'],
    [14, 503, 'UNAVAILABLE'],
    [2, 500, 'UNKNOWN'],
    [undefined, 500, 'INTERNAL'],
  ])('throws the error of code %s as HTTP %i', async (code, httpStatus, status) => {
    const error = { message: "Permission 'a.b.c' denied", ...(code !== undefined && { code }) };
    const failed = pollOperation({ ...started, done: true, error }, pending, 'creating x', WAIT);
    await expect(failed).rejects.toBeInstanceOf(GoogleError);
    await expect(failed).rejects.toMatchObject({
      httpStatus,
      status,
      message: `Creating x failed: ${status}: Permission 'a.b.c' denied`,
      hint: expect.stringContaining('a.b.c'),
    });
  });

  it('gives up when the time is up, and says that Google does not', async () => {
    const begun = performance.now();
    await expect(pollOperation(started, pending, 'creating x', { timeout: 600 })).rejects.toMatchObject({
      code: 'timeout',
      message: 'Creating x took longer than 0.6 s; Google continues with it.',
      hint: expect.stringContaining('timeout'),
    });
    expect(performance.now() - begun).toBeLessThan(10_000);
  });

  it('tells every 15 s how long it has been', { timeout: 40_000 }, async () => {
    const told: number[] = [];
    const enough = new AbortController();
    const onProgress = (elapsed: number) => {
      told.push(elapsed);
      // Long enough for another poll, which has nothing to tell yet.
      setTimeout(() => enough.abort(), 2500);
    };
    await expect(
      pollOperation(started, pending, 'x', { timeout: 30_000, signal: enough.signal, onProgress }),
    ).rejects.toMatchObject({ name: 'AbortError' });
    expect(told).toHaveLength(1);
    expect(told[0]).toBeGreaterThanOrEqual(15_000);
    expect(told[0]).toBeLessThan(25_000);
  });

  it('stops waiting when it is cancelled', async () => {
    const signal = AbortSignal.timeout(50);
    const begun = performance.now();
    await expect(pollOperation(started, pending, 'x', { ...WAIT, signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(performance.now() - begun).toBeLessThan(WAIT.timeout);
  });
});
