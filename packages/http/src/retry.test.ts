import { describe, expect, it } from 'vitest';
import { type Failure, isTransientStatus, parseRetryAfter, retry } from './retry.ts';

const transient = (error: unknown): Failure => ({ transient: true, error });

/** Fails some times, then gives the number of the try. */
const failing = (times: number) => async (attempt: number) => {
  if (attempt <= times) throw new Error(`try ${attempt}`);
  return attempt;
};

describe('retry', () => {
  it('tries again what is transient, with growing pauses', async () => {
    const delays: number[] = [];
    const options = { firstDelay: 20, onRetry: (_: Failure, delay: number) => delays.push(delay) };
    const started = performance.now();
    expect(await retry(failing(3), transient, options)).toBe(4);
    expect(performance.now() - started).toBeGreaterThanOrEqual(
      delays.reduce((sum, delay) => sum + delay) - 5,
    );
    expect(delays).toHaveLength(3);
    for (const [index, delay] of delays.entries()) {
      expect(delay).toBeGreaterThanOrEqual(10 * 2 ** index);
      expect(delay).toBeLessThanOrEqual(20 * 2 ** index);
    }
  });

  it('throws at once what is not', async () => {
    let tries = 0;
    const work = async () => {
      tries++;
      throw new Error('no');
    };
    await expect(retry(work, (error) => ({ transient: false, error }))).rejects.toThrow('no');
    expect(tries).toBe(1);
  });

  it('throws the last error when no time is left for another try', async () => {
    const delays: number[] = [];
    const options = {
      firstDelay: 40,
      deadline: 200,
      onRetry: (_: Failure, delay: number) => delays.push(delay),
    };
    await expect(retry(failing(99), transient, options)).rejects.toThrow(/try [2-5]$/);
    expect(delays.reduce((sum, delay) => sum + delay)).toBeLessThan(200);
  });

  it('waits as long as Retry-After says, and gives up when that is too long', async () => {
    const judge = (retryAfter: number) => (error: unknown) => ({ transient: true, error, retryAfter });
    const started = performance.now();
    await retry(failing(1), judge(120), { firstDelay: 1 });
    expect(performance.now() - started).toBeGreaterThanOrEqual(115);
    await expect(retry(failing(1), judge(60_000), { deadline: 1000 })).rejects.toThrow('try 1');
  });

  it('stops waiting when it is cancelled', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('cancelled')), 30);
    const started = performance.now();
    await expect(
      retry(failing(1), transient, { firstDelay: 10_000, signal: controller.signal }),
    ).rejects.toMatchObject({ name: 'AbortError' });
    expect(performance.now() - started).toBeLessThan(5000);
    await expect(retry(failing(1), transient, { signal: controller.signal })).rejects.toThrow('try 1');
  });
});

it.each([
  [408, true],
  [425, true],
  [429, true],
  [500, true],
  [501, false],
  [503, true],
  [505, false],
  [400, false],
  [403, false],
  [404, false],
  [409, false],
])('status %i is transient: %s', (status, expected) => expect(isTransientStatus(status)).toBe(expected));

describe('Retry-After', () => {
  const now = Date.UTC(2026, 0, 1);
  it.each([
    ['3', 3000],
    ['0', 0],
    ['Thu, 01 Jan 2026 00:00:05 GMT', 5000],
    ['Wed, 31 Dec 2025 23:00:00 GMT', 0],
    ['soon', undefined],
    ['', undefined],
    [null, undefined],
  ])('%s is %s ms', (value, milliseconds) => expect(parseRetryAfter(value, now)).toBe(milliseconds));
});
