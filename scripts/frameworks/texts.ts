import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Text {
  readonly path: string;
  readonly text: string;
}

/** The files of a clone whose paths fit, or without a pattern all of a folder. */
export function textsOf(path: string, pattern: RegExp | undefined): readonly Text[] {
  if (pattern === undefined)
    return readdirSync(path).map((name) => ({ path: name, text: readFileSync(join(path, name), 'utf8') }));
  const git = (args: readonly string[], input = '') =>
    execFileSync('git', ['-C', path, ...args], { input, maxBuffer: 2 ** 30 });
  const named = git(['ls-tree', '-r', '-z', 'HEAD'])
    .toString()
    .split('\0')
    .map((entry) => /^\S+ blob (\w+)\t([\s\S]*)$/.exec(entry) ?? [])
    .filter(([, , name = '']) => pattern.test(name));
  const contents = git(['cat-file', '--batch'], named.map(([, id]) => `${id}\n`).join(''));
  let at = 0;
  return named.map(([, , name = '']) => {
    const start = contents.indexOf('\n', at) + 1;
    const end = start + Number(contents.subarray(at, start).toString().split(' ')[2]);
    at = end + 1;
    return { path: name, text: contents.toString('utf8', start, end) };
  });
}
