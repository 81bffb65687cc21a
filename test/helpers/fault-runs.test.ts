import { expect, it } from 'vitest';
import { faultHalf, faultRuns } from './fault-runs.ts';

it('reads how much to try', () => {
  const read = [undefined, '', 'half', 'usual', 'all', '7'].map((value) => faultRuns(value));
  expect(read).toEqual(['few', 'few', 'half', 'usual', 'all', 7]);
  expect([undefined, '', '0', '1'].map((value) => faultHalf(value))).toEqual([0, 0, 0, 1]);
});

it.each(['al', 'ALL', '0', '-1', '1.5', '7 '])('does not take GANGWAY_FAULT_RUNS=%s', (value) => {
  expect(() => faultRuns(value)).toThrow(`GANGWAY_FAULT_RUNS is "${value}"`);
});

it.each(['2', 'x', '01'])('does not take GANGWAY_FAULT_HALF=%s', (value) => {
  expect(() => faultHalf(value)).toThrow(`GANGWAY_FAULT_HALF is "${value}"`);
});
