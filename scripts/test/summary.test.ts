import { expect, it } from 'vitest';
import type { NeedName } from './needs.ts';
import type { Outcome } from './preparation.ts';
import { summaryOf } from './summary.ts';

const result = (file: string, milliseconds: number, retried: string[] = []) => ({
  ...{ file, milliseconds, retried },
  ...{ passed: 3, failed: 1, failures: ['breaks'], skipped: 2 },
});
const NOTHING = { run: [], left: new Map() };

it('adds up all runs, in the line that CI reads', () => {
  const results = [result('a', 1), result('b', 2)];
  expect(summaryOf(results, '/repo', NOTHING, new Map()).at(-1)).toBe('6 passed, 2 failed, 4 skipped');
});

it('names the ten slowest files, and each test that took a second try', () => {
  const results = Array.from({ length: 12 }, (_, nth) =>
    result(`f${nth}`, nth * 1000, nth === 3 ? ['x > y'] : []),
  );
  const lines = summaryOf(results, '/repo', NOTHING, new Map());
  expect(lines.slice(0, 2)).toEqual(['The slowest files:', '   11.0 s  f11']);
  expect(lines.filter((line) => / s {2}f/.test(line))).toHaveLength(10);
  expect(lines).toContain('Took a second try: f3 > x > y');
});

it('names each test that failed, and each file that failed as a whole', () => {
  const whole = { ...result('b', 2), failures: [] };
  const none = { ...whole, failed: 0 };
  const lines = summaryOf([result('a', 1), whole, none], '/repo', NOTHING, new Map());
  expect(lines.filter((line) => line.startsWith('Failed'))).toEqual(['Failed: a > breaks', 'Failed: b']);
});

it('says in one line what is left to npm run test:full, and why', () => {
  const selection = {
    run: [{ file: '/repo/b.test.ts', needs: new Set<NeedName>(), without: new Set<NeedName>(['flyctl']) }],
    left: new Map<string, NeedName[]>([
      ['/repo/a.test.ts', ['flyctl']],
      ['/repo/c.test.ts', ['kubernetes']],
      ['/repo/d.test.ts', []],
    ]),
  };
  expect(
    summaryOf([{ ...result('b.test.ts', 1), failures: [], failed: 0 }], '/repo', selection, new Map()),
  ).toEqual([
    'Left to npm run test:full, which gets or builds flyctl, Kubernetes: a.test.ts, c.test.ts, parts of b.test.ts',
    'Left to npm run test:full, since they take minutes: d.test.ts',
    '3 passed, 0 failed, 2 skipped',
  ]);
});

it('says what was prepared in which time, and what is not there', () => {
  const settled = new Map<NeedName, Outcome>([
    ['engine', { environment: { path: [], variables: {} }, missing: '', seconds: 3.4 }],
    ['busybox', { environment: { path: [], variables: {} }, missing: '', seconds: 0.1 }],
    ['act', { environment: undefined, missing: 'install Go', seconds: 0 }],
  ]);
  expect(summaryOf([], '/repo', NOTHING, settled)).toEqual([
    'Prepared: a Docker engine in 3 s',
    'Not there: act: install Go',
    '0 passed, 0 failed, 0 skipped',
  ]);
});
