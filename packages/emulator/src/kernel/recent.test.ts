import { expect, it } from 'vitest';
import { Recent } from './recent.ts';

it('keeps the last ones, and counts those that it forgot', () => {
  const log = new Recent<number>(100);
  for (let index = 0; index < 1000; index += 1) log.add(index);
  expect(log.count).toBe(1000);
  expect(log.recent.length).toBeGreaterThanOrEqual(100);
  expect(log.recent.length).toBeLessThanOrEqual(110);
  expect(log.recent.at(-1)).toBe(999);
  expect(log.after(998)).toEqual([998, 999]);
  expect(log.after(0)).toEqual(log.recent);
  expect(log.after(1000)).toEqual([]);
});
