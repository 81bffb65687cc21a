import { expect, it } from 'vitest';
import { RequestLog } from './request-log.ts';

it('keeps the last requests, and counts those that it forgot', () => {
  const log = new RequestLog(100);
  for (let index = 0; index < 1000; index += 1)
    log.add({ service: undefined, method: 'GET', path: `/${index}`, status: 200, agent: '', time: 0 });
  expect(log.count).toBe(1000);
  expect(log.recent.length).toBeGreaterThanOrEqual(100);
  expect(log.recent.length).toBeLessThanOrEqual(110);
  expect(log.recent.at(-1)?.path).toBe('/999');
  expect(log.after(998).map(({ path }) => path)).toEqual(['/998', '/999']);
  expect(log.after(0)).toEqual(log.recent);
  expect(log.after(1000)).toEqual([]);
});
