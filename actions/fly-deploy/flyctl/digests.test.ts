import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { DIGESTS } from './digests.ts';

it('the version that action.yml pins can be checked on the runners of GitHub with Linux and Windows', () => {
  const file = readFileSync(new URL('../action.yml', import.meta.url), 'utf8');
  const { inputs } = parse(file) as { inputs: Record<string, { default?: string }> };
  const known = DIGESTS[inputs.flyctl_version?.default ?? ''] ?? {};
  expect(Object.keys(known)).toEqual(
    expect.arrayContaining(['Linux_x86_64', 'Linux_arm64', 'Windows_x86_64', 'Windows_arm64']),
  );
});

it('every digest is one of sha256, and none is there twice', () => {
  const all = Object.values(DIGESTS).flatMap((of) => Object.values(of));
  for (const digest of all) expect(digest).toMatch(/^[0-9a-f]{64}$/);
  expect(new Set(all).size).toBe(all.length);
});
