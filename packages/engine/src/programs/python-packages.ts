import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDirectory } from '../machine/cache.ts';
import { find, run } from '../machine/command.ts';
import { locked } from '../machine/lock.ts';

/** Packages of PyPI that tests use together. */
export interface PythonPackages {
  /** Of their directory in Gangway's cache. */
  readonly name: string;
  /** For messages. */
  readonly title: string;
  /** Counts the recipe: a change of the versions needs a new number. */
  readonly recipe: number;
  /** `NAME==VERSION` of each. */
  readonly packages: readonly string[];
}

/**
 * A directory with packages of PyPI, for PYTHONPATH, and their programs in its `bin`: in Gangway's cache, made there if it
 * is not.
 *
 * @throws CommandError with what pip said; Error without python3 or its pip
 */
export async function pythonPackages(
  { name, title, recipe, packages }: PythonPackages,
  onProgress: (line: string) => void,
  signal?: AbortSignal,
): Promise<string> {
  const [python] = find('python3');
  if (!python) throw new Error('needs python3 with pip');
  const directory = join(await cacheDirectory(name), String(recipe));
  return locked(name, async () => {
    if (existsSync(directory)) return directory;
    onProgress(`Installing ${title} (about a minute, once)`);
    const fresh = `${directory}.new`;
    await rm(fresh, { recursive: true, force: true });
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--only-binary=:all:'];
    // Tests import few of these modules, and Python compiles a module when it is first imported.
    const settings = ['--no-compile', '--target', fresh];
    await run(python, [...pip, ...settings, ...packages], { signal });
    await rename(fresh, directory);
    return directory;
  });
}
