import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { PACK_DIGESTS } from './pack-digests.ts';

it('the pack that action.yml pins can be checked on every Linux and macOS runner of GitHub', () => {
  const file = readFileSync(new URL('../action.yml', import.meta.url), 'utf8');
  const { inputs } = parse(file) as { inputs: Record<string, { default?: string }> };
  const known = PACK_DIGESTS[inputs.pack_version?.default ?? ''] ?? {};
  expect(Object.keys(known)).toEqual(['linux', 'linux-arm64', 'macos', 'macos-arm64']);
});

it('every digest is one of sha256, and none is there twice', () => {
  const all = Object.values(PACK_DIGESTS).flatMap((of) => Object.values(of));
  for (const digest of all) expect(digest).toMatch(/^[0-9a-f]{64}$/);
  expect(new Set(all).size).toBe(all.length);
});
