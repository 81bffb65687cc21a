import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The repository of an example, from a base image that is there. act knows no queue.
 *
 * @param name folder below examples/
 * @param argument of its Dockerfiles that names what they are built from
 */
export function exampleFiles(name: string, base: string, argument = 'BASE'): Record<string, string> {
  const folder = fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  return Object.fromEntries(
    paths.map((path) => [
      path,
      readFileSync(join(folder, path), 'utf8')
        .replace(new RegExp(`^ARG ${argument}=.*$`, 'm'), `ARG ${argument}=${base}`)
        .replace(/^ +queue: max\n/m, ''),
    ]),
  );
}
