import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { addToPath, exportVariables } from './job-environment.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gangway-environment-'));
  for (const name of ['GITHUB_ENV', 'GITHUB_PATH']) {
    vi.stubEnv(name, join(folder, name));
    writeFileSync(join(folder, name), 'BEFORE=1\n');
  }
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

it('writes values of several lines, which can not set another variable', () => {
  exportVariables({ A: 'one\nB=two', C: '' });
  const text = readFileSync(join(folder, 'GITHUB_ENV'), 'utf8');
  expect(text).toMatch(/^BEFORE=1\nA<<(\S+)\none\nB=two\n\1\nC<<(\S+)\n\n\2\n$/);
});

it('adds a folder to the PATH', () => {
  addToPath('/opt/bin');
  expect(readFileSync(join(folder, 'GITHUB_PATH'), 'utf8')).toBe('BEFORE=1\n/opt/bin\n');
});

it('says which file can not be written to', () => {
  vi.stubEnv('GITHUB_ENV', join(folder, 'gone/file'));
  expect(() => exportVariables({ A: '1' })).toThrow(/GITHUB_ENV can't be written to/);
});
