import { join } from 'node:path';
import { writeImage } from '../images/image-archive.ts';
import { find, run } from '../machine/command.ts';
import { goTools } from '../programs/go-tools.ts';

/** Its registry refuses at once, so that whoever is told it takes the image that is there. */
export const BUILDKIT_IMAGE = `localhost:9/gangway/buildkit:${goTools.buildkitd.version}`;

/**
 * Makes an image for buildx's drivers docker-container and kubernetes: this machine's buildkitd and buildctl, and runc with
 * its libraries out of a root file system.
 *
 * @param root what `currentEngineRoot` made
 * @param path of the archive, for `docker load`
 * @see https://docs.docker.com/build/builders/drivers/docker-container/
 */
export async function writeBuildkitImage(root: string, path: string): Promise<void> {
  const files = new Map([['/usr/sbin/runc', join(root, 'usr/sbin/runc')]]);
  // `	libseccomp.so.2 => /lib/x86_64-linux-gnu/libseccomp.so.2 (0x…)`, and the loader without an arrow.
  const linked = await run('chroot', [root, 'ldd', '/usr/sbin/runc']);
  for (const [, library = ''] of linked.matchAll(/(\/\S+) \(0x/g)) files.set(library, join(root, library));
  for (const name of ['buildkitd', 'buildctl']) files.set(`/usr/bin/${name}`, find(name)[0] ?? name);
  await writeImage(path, BUILDKIT_IMAGE, {
    files,
    directories: ['/tmp'],
    entrypoint: ['buildkitd'],
    env: ['PATH=/usr/sbin:/usr/bin'],
  });
}
