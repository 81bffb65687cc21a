import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { find, run } from '../machine/command.ts';
import { debianMirror } from './debian-root.ts';

/** Where Debian has a program ready-made. */
export interface DebianProgram {
  /** e.g. `trixie`. A rolling one, such as `sid`, serves as long as it has the version. */
  readonly suite: string;
  readonly package: string;
  /** Path of the program in the package, without a leading slash. */
  readonly path: string;
  /** Arguments that have it print its version: that it runs on this machine too is tried with them. */
  readonly trial: string;
}

/** Debian's keys, as its own package brings them. */
export const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/**
 * Takes a program out of a Debian package of any suite, without installing the package. apt checks the package by its digest in
 * an index that Debian has signed.
 *
 * @param version of the program itself, e.g. `0.29.1`: a package of another one is left alone
 * @param target path that the program gets
 * @returns whether the program is there: not where apt has no mirror of Debian, or the mirror has another version
 */
export async function takeFromDebian(
  program: DebianProgram,
  version: string,
  target: string,
): Promise<boolean> {
  const mirror = await debianMirror();
  const [apt] = find('apt-get');
  if (!mirror || !apt || !(await isReadable(keyring))) return false;
  const folder = await mkdtemp(join(tmpdir(), 'gangway-debian-'));
  try {
    const options = await privateApt(folder, `deb [signed-by=${keyring}] ${mirror} ${program.suite} main\n`);
    await run(apt, [...options, 'update'], { cwd: folder });
    const shown = await run('apt-cache', [...options, 'show', '--no-all-versions', program.package]);
    const [, found = ''] = /^Version: (\S+)$/m.exec(shown) ?? [];
    if (upstream(found) !== version) return false;
    await run(apt, [...options, 'download', `${program.package}=${found}`], { cwd: folder });
    const archive = (await readdir(folder)).find((name) => name.endsWith('.deb')) ?? '';
    await run('dpkg-deb', ['--extract', join(folder, archive), join(folder, 'files')]);
    await mkdir(dirname(target), { recursive: true });
    // Under another name first: what is left of a copy that was stopped must not pass for the program.
    await copyFile(join(folder, 'files', program.path), `${target}.new`);
    await run(`${target}.new`, [program.trial]);
    await rename(`${target}.new`, target);
    return true;
  } catch {
    return false;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Version of the program in that of a package: `1:0.29.1+ds1-4` is a fourth package of `0.29.1`. */
export function upstream(version: string): string {
  return version
    .replace(/^\d+:/, '')
    .replace(/-[^-]*$/, '')
    .replace(/[+~](ds|dfsg|really).*$/, '');
}

/** Options that keep apt from the machine's own sources, lists and caches. */
export async function privateApt(folder: string, source: string): Promise<string[]> {
  const [list, lists, cache] = [join(folder, 'sources'), join(folder, 'lists'), join(folder, 'cache')];
  await mkdir(join(lists, 'partial'), { recursive: true });
  await mkdir(join(cache, 'archives/partial'), { recursive: true });
  await writeFile(list, source);
  const settings = {
    'Dir::Etc::SourceList': list,
    'Dir::Etc::SourceParts': '/dev/null',
    'Dir::State::Lists': lists,
    'Dir::Cache': cache,
    'APT::Sandbox::User': 'root',
    'Acquire::Languages': 'none',
    'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled': 'false',
  };
  return ['-q', ...Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`])];
}

function isReadable(path: string): Promise<boolean> {
  return readFile(path).then(
    () => true,
    () => false,
  );
}
