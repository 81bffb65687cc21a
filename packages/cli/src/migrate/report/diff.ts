import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/**
 * The difference between two texts of a file, as Git shows it.
 *
 * @param path of the file, for the head
 */
export function diffOf(path: string, before: string, after: string, isColored: boolean): string {
  const folder = mkdtempSync(join(tmpdir(), 'gangway-migrate-'));
  try {
    for (const [side, text] of [
      ['a', before],
      ['b', after],
    ] as const) {
      const file = join(folder, side, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    return gitDiff(folder, path, isColored);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Git ends with 1 where the files differ. */
function gitDiff(folder: string, path: string, isColored: boolean): string {
  const args = ['diff', '--no-index', '--no-prefix', '--no-ext-diff', isColored ? '--color' : '--no-color'];
  try {
    return execFileSync('git', [...args, join('a', path), join('b', path)], {
      cwd: folder,
      encoding: 'utf8',
    });
  } catch (error) {
    const { status, stdout } = error as { status?: number; stdout?: string };
    if (status !== 1 || stdout === undefined) throw error;
    const lines = stdout.split('\n');
    const head = lines.findIndex((line) => stripVTControlCharacters(line).startsWith('--- '));
    return lines.slice(head).join('\n');
  }
}
