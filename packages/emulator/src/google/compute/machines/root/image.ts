import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Engine } from '../../../../docker/engine.ts';
import { type ArchiveFile, tar } from '../../../../docker/tar.ts';
import { HOME, PROGRAMS } from './programs.ts';

/** Folders of this machine whose programs and libraries a machine has, read only, and where it has them. */
const SHARED: readonly (readonly [from: string, to: string])[] = [
  ['/usr/bin', '/opt/host/bin'],
  ['/usr/sbin', '/opt/host/sbin'],
  ...['lib', 'lib32', 'lib64', 'libexec', 'share'].flatMap((name) =>
    ['/usr', '/opt/host'].map((root) => [`/usr/${name}`, `${root}/${name}`] as const),
  ),
  ['/etc/alternatives', '/etc/alternatives'],
];

const NAME = 'gangway-machine';

/** What machines are made of. */
export interface MachineRoot {
  /** The image's name. */
  readonly image: string;
  /** What is mounted into each, as the engine's `Binds` have it. */
  readonly binds: readonly string[];
}

/**
 * Makes the root of machines: the programs of this machine, and those that Container-Optimized OS has beside them. It is an image of links
 * and small scripts; what they lead to is mounted, read only.
 *
 * @throws Error where this machine is none that can lend its programs, or has no docker
 */
export async function makeRoot(engine: Engine): Promise<MachineRoot> {
  if (process.platform !== 'linux')
    throw new Error(`A machine needs the programs of a Linux, and this is ${process.platform}`);
  const docker = findDocker();
  const archive = tar(filesOf());
  const tag = createHash('sha256').update(archive).digest('hex').slice(0, 12);
  await engine.connection.read('POST', `/images/create?fromSrc=-&repo=${NAME}&tag=${tag}`, { body: archive });
  const shared = SHARED.filter(([from]) => isThere(from)).map(([from, to]) => `${from}:${to}:ro`);
  return {
    image: `${NAME}:${tag}`,
    binds: [...shared, `${process.execPath}:${HOME}/node:ro`, `${docker}:${HOME}/docker:ro`],
  };
}

function filesOf(): readonly ArchiveFile[] {
  const own = Object.entries(PROGRAMS).map(([path, content]) => ({
    path: path.slice(1),
    mode: 0o755,
    content,
  }));
  const taken = new Set([...own.map(({ path }) => path), 'usr/bin/docker']);
  const links = ['bin', 'sbin'].flatMap((folder) =>
    (isThere(`/usr/${folder}`) && !isLink(`/usr/${folder}`) ? readdirSync(`/usr/${folder}`) : [])
      .filter((name) => !taken.has(`usr/${folder}/${name}`) && Buffer.byteLength(name) < 80)
      .map((name) => linkTo(`usr/${folder}/${name}`, `/opt/host/${folder}/${name}`)),
  );
  const roots = ['bin', 'sbin', 'lib', 'lib32', 'lib64'].filter((name) => isThere(`/usr/${name}`));
  return [
    ...['usr/', 'usr/bin/', 'usr/sbin/', 'opt/', 'opt/gangway/', 'opt/host/'].map((path) => ({
      path,
      mode: 0o755,
      content: '',
    })),
    ...own,
    linkTo('usr/bin/docker', `${HOME}/docker`),
    ...links,
    ...roots.map((name) => linkTo(name, `usr/${name}`)),
  ];
}

function linkTo(path: string, link: string): ArchiveFile {
  return { path, mode: 0o777, content: '', link };
}

/** @throws Error without a docker command */
function findDocker(): string {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/local/bin', '/usr/bin'].filter(
    Boolean,
  );
  const found = folders.map((folder) => join(folder, 'docker')).find(isThere);
  if (!found)
    throw new Error('A machine needs the docker command of this machine, and there is none on the PATH');
  return realpathSync(found);
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function isLink(path: string): boolean {
  return lstatSync(path).isSymbolicLink();
}
