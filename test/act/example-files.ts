import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * An example's repository, by path, from a base image that is there. act knows no queue.
 *
 * @param name of its folder in examples/
 */
export function exampleFiles(name: string, base: string): Record<string, string> {
  const folder = fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  return Object.fromEntries(
    paths.map((path) => [
      path,
      readFileSync(join(folder, path), 'utf8')
        .replace(/^ARG BASE=.*$/m, `ARG BASE=${base}`)
        .replace(/^ +queue: max\n/m, ''),
    ]),
  );
}
