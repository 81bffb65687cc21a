import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { DIGESTS } from '../actions/fly-deploy/flyctl/digests.ts';
import { compare, digestsIn, requireDigest, withVersion } from './flyctl-digests.ts';

const SUMS = [
  ...['Linux_arm64', 'Linux_x86_64', 'macOS_arm64', 'macOS_x86_64'].map((on) => `${on}.tar.gz`),
  ...['Windows_arm64.zip', 'Windows_x86_64.zip'],
]
  .map((name, index) => `${String(index).repeat(64)}  flyctl_1.2.3_${name}`)
  .join('\n');

it('reads a digest for each platform of a runner, or names the one without', () => {
  const digests = digestsIn(SUMS, '1.2.3');
  expect(digests).toMatchObject({ Linux_x86_64: '1'.repeat(64), Windows_arm64: '4'.repeat(64) });
  expect(Object.keys(digests)).toHaveLength(6);
  expect(() => digestsIn(SUMS.replace(/.*macOS_arm64.*\n/, ''), '1.2.3')).toThrow('macOS_arm64.tar.gz');
});

it('rewrites the table, the newest first', () => {
  const source = readFileSync(new URL('../actions/fly-deploy/flyctl/digests.ts', import.meta.url), 'utf8');
  expect(withVersion(source, DIGESTS)).toBe(source);
  const more = withVersion(source, { ...DIGESTS, '0.4.1000': digestsIn(SUMS, '1.2.3') });
  expect(more.indexOf("'0.4.1000'")).toBeLessThan(more.indexOf("'0.4.105'"));
});

it('finds what a release has other than is known, and what is not known yet', () => {
  const release = digestsIn(SUMS, '1.2.3');
  const known: Record<string, string> = { ...release, Linux_arm64: 'f'.repeat(64) };
  delete known.macOS_arm64;
  expect(compare(known, release)).toEqual({ wrong: ['Linux_arm64'], missing: ['macOS_arm64'] });
  expect(compare(release, release)).toEqual({ wrong: [], missing: [] });
});

it('takes no archive but that of the digest', () => {
  const sum = '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae';
  const digests = { '1.2.3': { Linux_x86_64: sum } };
  const { archive, sha256 } = requireDigest(digests, '1.2.3', 'linux', 'x64');
  expect(archive).toBe('flyctl_1.2.3_Linux_x86_64.tar.gz');
  expect(() => sha256(Buffer.from('foo'))).not.toThrow();
  expect(() => sha256(Buffer.from('bar'))).toThrow(`not ${sum}`);
  expect(() => requireDigest(digests, '1.2.3', 'darwin', 'arm64')).toThrow('for macOS_arm64 is not known');
});
