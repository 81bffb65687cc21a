import { expect, it } from 'vitest';
import { compareVersions, parseTag, type Version } from './version.ts';

// The example of https://semver.org/#spec-item-11, with what comes before and after it.
const ordered = [
  'v0.9.9',
  'v1.0.0-0',
  'v1.0.0-2',
  'v1.0.0-10',
  'v1.0.0-alpha',
  'v1.0.0-alpha.1',
  'v1.0.0-alpha.beta',
  'v1.0.0-beta',
  'v1.0.0-beta.2',
  'v1.0.0-beta.11',
  'v1.0.0-rc.1',
  'v1.0.0',
  'v1.0.9',
  'v1.0.10',
  'v1.2.0',
  'v1.10.0',
  'v2.0.0',
  'v10.0.0',
];

it('orders versions as SemVer does', () => {
  const versions = ordered.toReversed().map((tag) => parseTag(tag) as Version);
  expect(versions.toSorted(compareVersions).map(({ tag }) => tag)).toEqual(ordered);
});

it.each([
  'v1',
  'v1.2',
  '1.2.3',
  'v1.2.3.4',
  'v01.2.3',
  'v1.02.3',
  'v1.2.3-',
  'v1.2.3-01',
  'v1.2.3-a..b',
  'v1.2.3+5',
  'v1.2.3\n',
  'V1.2.3',
  'v1.2.x',
  '',
])('does not take %j for a version', (tag) => {
  expect(parseTag(tag)).toBeUndefined();
});
