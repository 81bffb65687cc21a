import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { lint } from './lint.ts';

let bin: string;

beforeEach(() => {
  bin = mkdtempSync(join(tmpdir(), 'gangway-linters-'));
  vi.stubEnv('PATH', `${bin}:/usr/bin:/bin`);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(bin, { recursive: true });
});

it('says nothing where no linter is on the PATH', () => {
  expect(lint('a/deploy.yml', 'on: push\n')).toEqual([]);
});

it('tells what actionlint and zizmor say, by the line', () => {
  // The formats of actionlint 1.7 with -oneline and of zizmor 1.32 with --format=github.
  program('actionlint', 'echo "$(basename "$3"):7:9: property \\"x\\" is not defined [expression]"; exit 1');
  program(
    'zizmor',
    'echo "::error file=deploy.yml,line=15,title=unpinned-uses::deploy.yml:15: unpinned action reference"; exit 14',
  );
  expect(lint('.github/workflows/deploy.yml', 'on: push\n')).toEqual([
    'actionlint: line 7: property "x" is not defined [expression]',
    'zizmor: line 15: unpinned-uses: unpinned action reference',
  ]);
});

it('says so where a linter can not run', () => {
  program('zizmor', 'echo "no config" >&2; exit 3');
  expect(lint('deploy.yml', 'on: push\n')).toEqual(['zizmor: it ended with 3: no config']);
});

function program(name: string, script: string): void {
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, name), 0o755);
}
