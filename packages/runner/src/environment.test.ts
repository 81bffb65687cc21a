import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { environmentOf } from './environment.ts';

it('never shows a step an empty event while others of its job begin', async () => {
  const temp = await mkdtemp(join(tmpdir(), 'gangway-environment-'));
  try {
    const { GITHUB_EVENT_PATH = '' } = await environmentOf(temp, temp, {});
    const seen = new Set<string>();
    let others = 300;
    const begin = async () => {
      while (others-- > 0) await environmentOf(temp, temp, {});
    };
    const read = async () => {
      while (others > 0) seen.add(await readFile(GITHUB_EVENT_PATH, 'utf8'));
    };
    await Promise.all([begin(), begin(), read()]);
    expect(seen).toEqual(new Set(['{}']));
  } finally {
    await rm(temp, { recursive: true });
  }
});
