import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDirectory } from '../machine/cache.ts';
import { find, run } from '../machine/command.ts';
import { locked } from '../machine/lock.ts';
import { keyring, privateApt } from './debian-program.ts';
import { debianMirror } from './debian-root.ts';

/** Counts the recipe: a change of the packages needs a new number. */
const recipe = 1;
const suite = 'bookworm';

/** cloud-init, and what its command `schema` loads. Installed, it would run when this machine boots. */
const packages = [
  'cloud-init',
  ...[
    'attr',
    'certifi',
    'chardet',
    'charset-normalizer',
    'configobj',
    'idna',
    'jinja2',
    'json-pointer',
    'jsonpatch',
  ],
  ...[
    'jsonschema',
    'markupsafe',
    'netifaces',
    'oauthlib',
    'pyrsistent',
    'requests',
    'serial',
    'six',
    'urllib3',
    'yaml',
  ],
].map((name) => (name === 'cloud-init' ? name : `python3-${name}`));

/**
 * A directory with the program `cloud-init` of Debian, for PATH: in Gangway's cache, made there if it is not. The packages are
 * unpacked, not installed; apt checks them against Debian's keys.
 *
 * @throws Error without python3 or apt with a mirror of Debian; CommandError with what apt said
 */
export async function cloudInit(onProgress: (line: string) => void): Promise<string> {
  const mirror = await debianMirror();
  const [apt] = find('apt-get');
  const [python] = find('python3');
  if (!mirror || !apt || !python || !existsSync(keyring))
    throw new Error('needs python3, and apt with a mirror of Debian');
  const directory = join(await cacheDirectory('cloud-init'), String(recipe));
  return locked('cloud-init', async () => {
    if (existsSync(directory)) return directory;
    onProgress('Unpacking cloud-init of Debian (once)');
    const fresh = `${directory}.new`;
    await rm(fresh, { recursive: true, force: true });
    await mkdir(fresh, { recursive: true });
    const options = await privateApt(fresh, `deb [signed-by=${keyring}] ${mirror} ${suite} main\n`);
    await run(apt, [...options, 'update'], { cwd: fresh });
    await run(apt, [...options, 'download', ...packages], { cwd: fresh });
    for (const name of await readdir(fresh))
      if (name.endsWith('.deb')) await run('dpkg-deb', ['--extract', join(fresh, name), join(fresh, 'root')]);
    const script = `#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
PYTHONPATH="$here/root/usr/lib/python3/dist-packages" exec ${python} -m cloudinit.cmd.main "$@"
`;
    await writeFile(join(fresh, 'cloud-init'), script, { mode: 0o755 });
    await run(join(fresh, 'cloud-init'), ['schema', '--help']);
    await rename(fresh, directory);
    return directory;
  });
}
