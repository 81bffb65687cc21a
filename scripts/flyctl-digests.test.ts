import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { DIGESTS } from '../actions/fly-deploy/flyctl/digests.ts';
import { digestsIn, withVersion } from './flyctl-digests.ts';

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

it('writes the table anew, the newest first', () => {
  const source = readFileSync(new URL('../actions/fly-deploy/flyctl/digests.ts', import.meta.url), 'utf8');
  expect(withVersion(source, DIGESTS)).toBe(source);
  const more = withVersion(source, { ...DIGESTS, '0.4.1000': digestsIn(SUMS, '1.2.3') });
  expect(more.indexOf("'0.4.1000'")).toBeLessThan(more.indexOf("'0.4.105'"));
});
