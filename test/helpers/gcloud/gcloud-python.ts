import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { find, run } from '@gangway/engine';

// some tests need: gcloud

/**
 * Runs a program with the Python that the installed gcloud brings, or else the system's, and reads the JSON that it prints.
 *
 * @param program gets gcloud's folder as its first argument
 */
export async function gcloudPython<T>(program: string, ...args: readonly string[]): Promise<T> {
  const [gcloud = ''] = find('gcloud');
  const home = dirname(dirname(realpathSync(gcloud)));
  const bundled = join(home, 'platform/bundledpythonunix/bin/python3');
  const python = find(bundled).length > 0 ? bundled : 'python3';
  return JSON.parse(await run(python, ['-c', program, home, ...args])) as T;
}
