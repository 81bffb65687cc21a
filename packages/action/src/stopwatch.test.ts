import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { stopwatch } from './stopwatch.ts';

it('notes how long each part took, in order, and passes its result on', async () => {
  const watch = stopwatch();
  expect(await watch.time('first', () => sleep(60, 'value'))).toBe('value');
  await watch.time('second', async () => {});
  expect(watch.parts.map(({ name }) => name)).toEqual(['first', 'second']);
  const [first, second] = watch.parts;
  expect(first?.milliseconds).toBeGreaterThanOrEqual(55);
  expect(second?.milliseconds).toBeLessThan(55);
});

it('notes a part that fails, and fails with it', async () => {
  const watch = stopwatch();
  await expect(watch.time('part', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(watch.parts).toHaveLength(1);
});
