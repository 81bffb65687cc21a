import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeBuildxConfig } from './buildx-config.ts';

let directory: string;
let count = 0;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gangway-buildx-'));
});
afterEach(() => rm(directory, { recursive: true }));

/** The identity that one step gets. */
async function identity(own: string, context: string): Promise<string> {
  const step = join(directory, `step-${count++}`);
  await mkdir(step);
  return readFile(join(await makeBuildxConfig(step, own, context), '.buildNodeID'), 'utf8');
}

it('has the builders of the user, and an identity for each context', async () => {
  const own = join(directory, 'own');
  await mkdir(join(own, 'instances'), { recursive: true });
  await writeFile(join(own, 'instances', 'mine'), '{}');
  await writeFile(join(own, '.buildNodeID'), 'abc');
  const config = await makeBuildxConfig(directory, own, '/one/app');
  expect(await readFile(join(config, 'instances', 'mine'), 'utf8')).toBe('{}');
  expect((await readdir(config)).sort()).toEqual(['.buildNodeID', '.lock', 'instances']);
  expect(await readFile(join(own, '.buildNodeID'), 'utf8')).toBe('abc');
  const one = await identity(own, '/one/app');
  expect(await identity(own, '/one/app')).toBe(one);
  expect(await identity(own, '/two/app')).not.toBe(one);
});

it('keeps the identity of a buildx that had none, and has another each time where it can not', async () => {
  const own = join(directory, 'own');
  await mkdir(own);
  expect(await identity(own, '.')).toBe(await identity(own, '.'));
  const nowhere = join(directory, 'nowhere');
  expect(await identity(nowhere, '.')).not.toBe(await identity(nowhere, '.'));
});
