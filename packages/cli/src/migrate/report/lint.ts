import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { find } from '@gangway/engine';

const LINTERS: readonly (readonly [name: string, ...args: string[]])[] = [
  ['actionlint', '-no-color', '-oneline'],
  ['zizmor', '--offline', '--no-progress', '--color=never', '--format=github'],
];

/** What the linters that are on the PATH say of a workflow's text, a line each. */
export function lint(path: string, text: string): readonly string[] {
  const present = LINTERS.filter(([name]) => find(name).length > 0);
  if (present.length === 0) return [];
  const folder = mkdtempSync(join(tmpdir(), 'gangway-lint-'));
  try {
    const workflows = join(folder, '.github', 'workflows');
    mkdirSync(workflows, { recursive: true });
    const file = join(workflows, basename(path));
    writeFileSync(file, text);
    return present.flatMap(([name, ...args]) => said(name, [...args, file], folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function said(name: string, args: readonly string[], folder: string): string[] {
  const { stdout, stderr, error, status } = spawnSync(name, args, {
    cwd: folder,
    encoding: 'utf8',
    timeout: 60_000,
  });
  if (error) return [`${name}: it could not run: ${error.message}`];
  const lines = stdout.split('\n').flatMap((line) => {
    const [, level, line1, title, message] =
      /^::(\w+) file=.*?,line=(\d+),.*?title=(.*?)::(.*)$/.exec(line) ?? [];
    if (level !== undefined)
      return [`${name}: line ${line1}: ${title}: ${message?.replace(/^.*?:\d+: /, '')}`];
    const [, line2, rest] = /:(\d+):\d+: (.*)$/.exec(line) ?? [];
    return line2 === undefined ? [] : [`${name}: line ${line2}: ${rest}`];
  });
  if (lines.length > 0 || status === 0) return lines;
  return [`${name}: it ended with ${status}: ${stderr.trim().split('\n')[0] ?? ''}`];
}
