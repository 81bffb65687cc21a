import { describe, expect, it } from 'vitest';
import type { NeedName } from './needs.ts';
import { needsOf, select } from './selection.ts';

const declared = (needs: NeedName[] = [], some: NeedName[] = [], takesMinutes = false) => ({
  needs: new Set(needs),
  some: new Set(some),
  takesMinutes,
});
const FILES = new Map([
  ['plain', declared()],
  ['image', declared(['base-image'])],
  ['fly', declared(['flyctl'])],
  ['cluster', declared(['kubernetes'])],
  ['leaks', declared(['base-image'], ['flyctl', 'busybox'])],
  ['google', declared(['gcloud'])],
  ['every fault', declared([], [], true)],
]);
const nothing = () => false;

describe('npm test', () => {
  it('leaves files and parts of them to npm run test:full, and says what for', () => {
    const { run, left } = select(FILES, false, nothing);
    expect(run.map(({ file }) => file)).toEqual(['plain', 'image', 'leaks']);
    expect(Object.fromEntries(left)).toEqual({
      fly: ['flyctl'],
      cluster: expect.arrayContaining(['kubernetes']),
      google: ['gcloud'],
      'every fault': [],
    });
    expect(run.at(-1)).toEqual({
      file: 'leaks',
      needs: new Set(['engine', 'base-image', 'busybox']),
      without: new Set(['flyctl']),
    });
  });

  it('prepares only what the files that run need, what comes first before the rest', () => {
    const { run } = select(FILES, false, nothing);
    expect([...needsOf(run)]).toEqual(['engine', 'base-image', 'busybox']);
    expect([...needsOf([])]).toEqual([]);
  });

  it('leaves what is slow to use, whatever the machine has', () => {
    expect([...select(FILES, false, () => true).left.keys()]).toEqual(['google', 'every fault']);
  });

  it('runs what is slow to get where the machine has it', () => {
    const { run, left } = select(FILES, false, (name) => name === 'flyctl');
    expect(run.map(({ file }) => file)).toContain('fly');
    expect([...left.keys()]).toEqual(['cluster', 'google', 'every fault']);
    expect(run.find(({ file }) => file === 'leaks')?.without.size).toBe(0);
  });
});

it('npm run test:full, and a path, leave nothing', () => {
  const { run, left } = select(FILES, true, nothing);
  expect(run.map(({ file }) => file)).toEqual([...FILES.keys()]);
  expect(left.size).toBe(0);
  expect(run.every(({ without }) => without.size === 0)).toBe(true);
  expect(needsOf(run)).toContain('kubernetes');
});
