import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeShells } from './shells.ts';

const folder = mkdtempSync(join(tmpdir(), "gangway-shell's-"));
const PATH = '/usr/local/bin:/usr/bin:/bin';
let path: string;
beforeAll(async () => {
  path = await writeShells(folder, PATH);
});
afterAll(() => rmSync(folder, { recursive: true }));

it('puts the folder first on the PATH', () => {
  expect(path).toBe(`${folder}:${PATH}`);
});

it.each([
  [0, 0],
  [3, 500],
])('ends with %i as the program does, after at least %i ms', (code, least) => {
  const started = performance.now();
  const { status, stdout } = run(path, 'echo "$1"; exit $2', 'two  words', String(code));
  expect([stdout, status]).toEqual(['two  words\n', code]);
  expect(performance.now() - started).toBeGreaterThanOrEqual(least);
});

it.each(['', '/opt/added:'])('leaves a step its PATH without the folder, behind "%s" too', (added) => {
  expect(run(added + path, 'echo "$PATH"').stdout).toBe(`${added}${PATH}\n`);
});

it('takes no directory for a program', async () => {
  const directories = join(folder, 'directories');
  mkdirSync(join(directories, 'sh'), { recursive: true });
  const wrapped = await writeShells(folder, `${directories}:${PATH}`);
  expect(run(wrapped, 'echo ran')).toMatchObject({ status: 0, stdout: 'ran\n' });
});

function run(given: string, script: string, ...args: string[]) {
  return spawnSync(join(folder, 'sh'), ['-c', script, 'script', ...args], {
    env: { PATH: given },
    encoding: 'utf8',
  });
}
