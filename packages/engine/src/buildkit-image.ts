import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { find, run } from './command.ts';

/** Its registry refuses at once, so that buildx takes the image that is there. */
const reference = 'localhost:9/gangway/buildkit';

/**
 * Makes an image for buildx's driver docker-container in an engine: this machine's buildkitd and buildctl, and runc with its
 * libraries out of a root file system.
 *
 * @param root what `currentEngineRoot` made
 * @param host of the engine, for DOCKER_HOST
 * @returns the image's reference
 * @see https://docs.docker.com/build/builders/drivers/docker-container/
 */
export async function importBuildkit(root: string, host: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gangway-image-'));
  const tarball = `${folder}.tar`;
  try {
    const files = new Map([['/usr/sbin/runc', join(root, 'usr/sbin/runc')]]);
    // `	libseccomp.so.2 => /lib/x86_64-linux-gnu/libseccomp.so.2 (0x…)`, and the loader without an arrow.
    const linked = await run('chroot', [root, 'ldd', '/usr/sbin/runc']);
    for (const [, path = ''] of linked.matchAll(/(\/\S+) \(0x/g)) files.set(path, join(root, path));
    for (const name of ['buildkitd', 'buildctl']) files.set(`/usr/bin/${name}`, find(name)[0] ?? name);
    for (const [target, source] of files) {
      await mkdir(join(folder, dirname(target)), { recursive: true });
      await copyFile(source, join(folder, target));
    }
    await mkdir(join(folder, 'tmp'));
    await run('tar', ['-C', folder, '-cf', tarball, '.']);
    const changes = ['--change', 'ENTRYPOINT ["buildkitd"]', '--change', 'ENV PATH=/usr/sbin:/usr/bin'];
    await run(find('docker')[0] ?? 'docker', ['--host', host, 'import', ...changes, tarball, reference]);
    return reference;
  } finally {
    for (const path of [folder, tarball]) await rm(path, { recursive: true, force: true });
  }
}
