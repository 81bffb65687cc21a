import { chmod, cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Folders of a machine that it may write to. */
export const WRITABLE = ['etc', 'home', 'media', 'mnt', 'root', 'run', 'srv', 'tmp', 'var'] as const;

/** What an operating system keeps of them from boot to boot: Container-Optimized OS keeps `/var` and `/home` alone (https://cloud.google.com/container-optimized-os/docs/concepts/disks-and-filesystem). */
function keptBy(isCos: boolean): readonly string[] {
  return isCos ? ['home', 'var', 'mnt'] : ['etc', 'home', 'media', 'mnt', 'root', 'srv', 'var'];
}

/** The group that may speak to the Docker engine. */
export const DOCKER_GROUP = 412;

export interface System {
  readonly isCos: boolean;
  readonly hostname: string;
  /** Further authorities that its programs trust, PEM. */
  readonly authority: string;
}

/**
 * Makes the folders of a machine as they are before it boots: what its operating system doesn't keep is gone.
 *
 * @param folder where they are on this machine
 */
export async function prepareFolders(folder: string, { isCos, hostname, authority }: System): Promise<void> {
  const kept = keptBy(isCos);
  for (const name of WRITABLE) {
    if (!kept.includes(name)) await rm(join(folder, name), { recursive: true, force: true });
    await mkdir(join(folder, name), { recursive: true, mode: name === 'tmp' ? 0o1777 : 0o755 });
  }
  const etc = join(folder, 'etc');
  for (const [name, text] of Object.entries(filesOf(isCos, hostname))) await writeOnce(join(etc, name), text);
  await mkdir(join(etc, 'systemd/system'), { recursive: true });
  await mkdir(join(etc, 'ssl/certs'), { recursive: true });
  await mkdir(join(etc, 'alternatives'), { recursive: true });
  const trusted = await readFile('/etc/ssl/certs/ca-certificates.crt', 'utf8').catch(() => '');
  await writeFile(join(etc, 'ssl/certs/ca-certificates.crt'), `${trusted}\n${authority}`);
  for (const name of ['ld.so.cache', 'ld.so.conf', 'ld.so.conf.d', 'localtime', 'protocols', 'services'])
    await cp(join('/etc', name), join(etc, name), { recursive: true, dereference: true, force: false }).catch(
      () => undefined,
    );
  await symlink('/run', join(folder, 'var/run')).catch(() => undefined);
  await symlink('/run/local-cloud/docker.sock', join(folder, 'run/docker.sock')).catch(() => undefined);
  await mkdir(join(folder, 'run/local-cloud'), { recursive: true });
  for (const name of ['pids', 'files']) {
    await mkdir(join(folder, 'gangway', name), { recursive: true });
    await chmod(join(folder, 'gangway', name), 0o1777);
  }
  await chmod(join(folder, 'tmp'), 0o1777);
  for (const name of ['log', 'lib', 'tmp', 'cache', 'lib/docker'])
    await mkdir(join(folder, 'var', name), { recursive: true });
}

function filesOf(isCos: boolean, hostname: string): Readonly<Record<string, string>> {
  return {
    passwd: [
      'root:x:0:0:root:/root:/bin/bash',
      'daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin',
      'chronos:x:1000:1000:system_user:/home/chronos:/bin/bash',
      'nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin',
      '',
    ].join('\n'),
    group: [
      'root:x:0:',
      'daemon:x:1:',
      'sudo:x:27:',
      `docker:x:${DOCKER_GROUP}:`,
      'chronos:x:1000:',
      'nogroup:x:65534:',
      '',
    ].join('\n'),
    shadow: 'root:*:19000:0:99999:7:::\n',
    gshadow: '',
    'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\n',
    'host.conf': 'multi on\n',
    hostname: `${hostname}\n`,
    'os-release': isCos
      ? 'NAME="Container-Optimized OS"\nID=cos\nPRETTY_NAME="Container-Optimized OS from Google"\nHOME_URL="https://cloud.google.com/container-optimized-os/docs"\n'
      : 'NAME="Debian GNU/Linux"\nID=debian\nPRETTY_NAME="Debian GNU/Linux"\n',
    'login.defs':
      'UID_MIN 1000\nUID_MAX 60000\nGID_MIN 1000\nGID_MAX 60000\nCREATE_HOME yes\nENCRYPT_METHOD SHA512\nUSERGROUPS_ENAB yes\n',
  };
}

/** What a machine has changed itself stays. */
async function writeOnce(path: string, text: string): Promise<void> {
  await writeFile(path, text, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}
