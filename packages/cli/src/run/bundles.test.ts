import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { fetchAction } from './bundles.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gangway-actions-'));
  const action = join(folder, 'github/acme/greet.git');
  await mkdir(action, { recursive: true });
  await writeFile(join(action, 'action.yml'), 'name: Greet\n');
  const git = (...args: string[]) => execFileSync('git', ['-C', action, ...args]);
  git('init', '--quiet');
  git('add', '.');
  git('-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '--quiet', '--message=one');
  git('tag', 'v1');
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
  vi.stubEnv('GIT_CONFIG_COUNT', '1');
  vi.stubEnv('GIT_CONFIG_KEY_0', `url.file://${folder}/github/.insteadOf`);
  vi.stubEnv('GIT_CONFIG_VALUE_0', 'https://github.com/');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

it('is fetched whole by several runs at once', async () => {
  await Promise.all([1, 2, 3].map(() => fetchAction('acme/greet', 'v1')));
  const cached = join(folder, 'cache/gangway/actions/acme/greet');
  expect(await readdir(cached)).toEqual(['v1']);
  expect(await readdir(join(cached, 'v1'))).toEqual(['action.yml']);
});

it('is refused in the words of git where it is not there, and leaves nothing', async () => {
  await expect(fetchAction('acme/greet', 'v2')).rejects.toThrow(
    /acme\/greet@v2 can't be fetched: .*couldn't find remote ref v2/s,
  );
  expect(await readdir(join(folder, 'cache/gangway/actions/acme/greet'))).toEqual([]);
});
