import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EnvironmentFile } from './environment-file.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gangway-test-'));
  path = join(folder, 'env');
});
afterEach(() => rm(folder, { recursive: true }));

describe('EnvironmentFile', () => {
  it('is read by a shell as it was meant, and by its owner only', async () => {
    const value = `it's $HOME "quoted" \\ and\nlong`;
    await new EnvironmentFile(path).write({ A: value, B: '' });
    const shown = execFileSync('sh', ['-c', '. "$0"; printf %s "$A|$B"', path], { encoding: 'utf8' });
    expect(shown).toBe(`${value}|`);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['env']);
  });

  it('clears what an earlier run left', async () => {
    await new EnvironmentFile(path).write({ A: '1' });
    await new EnvironmentFile(path).clear();
    expect(await readdir(folder)).toEqual([]);
  });

  it("never touches somebody else's file", async () => {
    await writeFile(path, 'export PRECIOUS=1\n');
    await expect(new EnvironmentFile(path).clear()).rejects.toThrow('was not written by the local cloud');
    expect(await readFile(path, 'utf8')).toBe('export PRECIOUS=1\n');
  });

  it('is removed only by the one that wrote it', async () => {
    const first = new EnvironmentFile(path);
    await first.write({ A: '1' });
    const second = new EnvironmentFile(path);
    await second.write({ A: '2' });
    await first.remove();
    expect(await readFile(path, 'utf8')).toContain("export A='2'");
    await second.remove();
    expect(await readdir(folder)).toEqual([]);
  });
});
