import { describe, expect, it } from 'vitest';
import { LATEST, REVISION } from '../../api/allocation.ts';
import type { Service, TrafficTarget } from '../../api/resources.ts';
import type { TrafficInputs } from '../../inputs/traffic.ts';
import { checkTag, isCheckTag } from './check-tag.ts';
import { lines, sameTraffic } from './targets.ts';
import { pinned, refollowed, staged, undone, wantedTraffic } from './traffic.ts';

const NOTHING: TrafficInputs = { split: undefined, tag: undefined, check: undefined };
const CHECK = { url: '/', timeout: 1, as: undefined };
const to = (revision: string, percent: number, tag?: string): TrafficTarget => ({
  ...(revision === 'LATEST' ? { type: LATEST } : { type: REVISION, revision }),
  ...(percent > 0 && { percent }),
  ...(tag && { tag }),
});

function service(...traffic: TrafficTarget[]): Service {
  return { traffic, latestReadyRevision: 'projects/p/locations/l/services/s/revisions/s-2' };
}

/** What comes of it, as people read it. */
function wanted(current: Service | undefined, inputs: Partial<TrafficInputs>, isNew: boolean): string[] {
  return lines(wantedTraffic(current, { ...NOTHING, ...inputs }, 's-3', isNew));
}

describe('wantedTraffic', () => {
  it.each<[string, Service | undefined, Partial<TrafficInputs>, boolean, string[]]>([
    ['all of a new service', undefined, {}, true, ['100% latest']],
    ['all of a new service, whatever the share', undefined, { split: { latest: 10 } }, true, ['100% latest']],
    [
      'what there is, unless told',
      service(to('s-1', 60), to('LATEST', 40)),
      {},
      true,
      ['40% latest', '60% s-1'],
    ],
    [
      'a canary beside what was latest',
      service(to('LATEST', 100)),
      { split: { latest: 10 } },
      true,
      ['10% latest', '90% s-2'],
    ],
    [
      'the same canary again',
      service(to('s-1', 90), to('LATEST', 10)),
      { split: { latest: 10 } },
      false,
      ['10% latest', '90% s-1'],
    ],
    [
      'a second canary in place of the first',
      service(to('s-1', 90), to('LATEST', 10)),
      { split: { latest: 10 } },
      true,
      ['10% latest', '90% s-1'],
    ],
    [
      'a greater share',
      service(to('s-1', 90), to('LATEST', 10)),
      { split: { latest: 50 } },
      false,
      ['50% latest', '50% s-1'],
    ],
    [
      'all of it',
      service(to('s-1', 90), to('LATEST', 10)),
      { split: { latest: 100 } },
      false,
      ['100% latest'],
    ],
    [
      'all where nobody else serves',
      service(to('LATEST', 100)),
      { split: { latest: 10 } },
      false,
      ['100% latest'],
    ],
    ['nothing', service(to('LATEST', 100)), { split: { latest: 0 } }, true, ['100% s-2']],
    [
      'shares in proportion',
      service(to('s-0', 50), to('s-1', 50)),
      { split: { latest: 33 } },
      true,
      ['33% latest', '33% s-1', '34% s-0'],
    ],
    // The four below are what gcloud's own TrafficTargets.UpdateTraffic makes of the same.
    [
      'what follows the latest its share',
      service(to('LATEST', 100), to('s-1', 0, 'a')),
      { split: { revisions: { 's-1': 30 } } },
      false,
      ['30% s-1', '70% latest', 'a → s-1'],
    ],
    [
      'no share to what is given none',
      service(to('LATEST', 50), to('s-1', 30), to('s-0', 20)),
      { split: { revisions: { 's-1': 0 } } },
      false,
      ['29% s-0', '71% latest'],
    ],
    [
      'a percent that rounding leaves to the smaller',
      service(to('LATEST', 40), to('s-1', 40), to('s-0', 20)),
      { split: { revisions: { 's-9': 7 } } },
      false,
      ['19% s-0', '37% latest', '37% s-1', '7% s-9'],
    ],
    [
      'a percent that rounding leaves to the first by name',
      service(to('LATEST', 50), to('s-1', 50)),
      { split: { revisions: { 's-9': 1 } } },
      false,
      ['1% s-9', '49% latest', '50% s-1'],
    ],
    [
      'shares by revision',
      service(to('LATEST', 100)),
      { split: { revisions: { 's-1': 25 } } },
      false,
      ['25% s-1', '75% latest'],
    ],
    [
      'shares by revision, LATEST among them',
      service(to('s-1', 100)),
      { split: { revisions: { 's-1': 20, LATEST: 80 } } },
      false,
      ['20% s-1', '80% latest'],
    ],
    [
      'shares by tag',
      service(to('s-2', 100), to('s-1', 0, 'old')),
      { split: { tags: { old: 40 } } },
      false,
      ['40% s-1', '60% s-2', 'old → s-1'],
    ],
    [
      'a tag, which it takes from another',
      service(to('LATEST', 100), to('s-1', 0, 'next')),
      { tag: 'next' },
      true,
      ['100% latest', 'next → s-3'],
    ],
    [
      'everything after a check',
      service(to('s-1', 100), to('s-1', 0, 'old')),
      { check: CHECK },
      true,
      ['100% latest', 'old → s-1'],
    ],
    [
      'no tag that a check left',
      service(to('s-1', 100), to('s-3', 0, 'gangway-check')),
      {},
      false,
      ['100% s-1'],
    ],
  ])('gives %s', (_, current, inputs, isNew, expected) => {
    expect(wanted(current, inputs, isNew)).toEqual(expected);
  });

  it('refuses shares of two tags that lead to one revision', () => {
    const current = service(to('LATEST', 100), to('s-1', 0, 'a'), to('s-1', 0, 'b'));
    expect(() => wanted(current, { split: { tags: { a: 30, b: 0 } } }, false)).toThrow(
      'Input "tag_traffic" names a and b, which both lead to s-1.',
    );
  });

  it('refuses shares that nobody takes the rest of', () => {
    expect(() => wanted(service(to('s-2', 100)), { split: { revisions: { 's-2': 50 } } }, false)).toThrow(
      'The shares add up to 50, and no other revision serves.',
    );
  });
});

it('pins what is latest to the revision it means', () => {
  expect(
    lines(
      pinned(service(to('LATEST', 70), to('s-2', 30), to('LATEST', 0, 'a'), to('s-3', 0, 'gangway-check'))),
    ),
  ).toEqual(['100% s-2', 'a → s-2']);
});

it('gives back the shares of before by name, and leaves tags that follow the latest to it', () => {
  const before = service(
    to('LATEST', 70, 'live'),
    to('s-1', 30),
    to('s-1', 0, 'old'),
    to('LATEST', 0, 'beta'),
  );
  expect(lines(undone(before))).toEqual([
    '30% s-1',
    '70% s-2',
    'beta → latest',
    'live → latest',
    'old → s-1',
  ]);
});

it('lets tags that followed the latest follow it again after a check, and leaves those that were moved', () => {
  const before = service(to('LATEST', 100, 'live'), to('LATEST', 0, 'beta'), to('s-2', 0, 'stays'));
  const now = service(
    ...staged(before, 'gw-bcd', 's-3').filter(({ tag }) => tag !== 'beta'),
    to('s-1', 0, 'beta'),
  );
  expect(lines(refollowed(now, before, to('LATEST', 0)))).toEqual([
    ...['100% s-2', 'beta → s-1', 'gw-bcd → s-3', 'live → latest', 'stays → s-2'],
  ]);
  // The latest is another run's by now, and not asked yet.
  expect(lines(refollowed(now, before, to('s-3', 0)))).toContain('live → s-3');
});

it.each([
  [34, 8],
  [41, 5],
])('has a tag for checks that fits a service of %i letters', (length, size) => {
  const tag = checkTag('s'.repeat(length)) ?? '';
  expect(tag.length).toBe(size);
  expect(isCheckTag(tag)).toBe(true);
});

it('has no tag for checks where the name leaves no room, and takes nobody else for one', () => {
  expect(checkTag('s'.repeat(42))).toBeUndefined();
  expect(['gw-staging', 'gw-1', 'next', undefined].some(isCheckTag)).toBe(false);
});

it('looks past the order of targets, and a share and a tag in one', () => {
  expect(sameTraffic([to('LATEST', 100, 'a')], [to('LATEST', 0, 'a'), to('LATEST', 100)])).toBe(true);
  expect(sameTraffic([to('LATEST', 100)], [to('s-1', 100)])).toBe(false);
});
