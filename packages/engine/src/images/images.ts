import { run } from '../machine/command.ts';

/**
 * Removes the images that were built for a registry which is gone: they would never be found again under its port.
 *
 * @param registry host and port, e.g. `127.0.0.1:41234`
 * @param environment where `docker` is and which engine it speaks to
 */
export async function removeImages(
  registry: string,
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  const docker = (...args: string[]) => run('docker', args, { env: { ...process.env, ...environment } });
  const images = await docker('image', 'ls', '--digests', '--format', '{{.Repository}} {{.Tag}} {{.Digest}}');
  const built = images.split('\n').flatMap((line) => {
    const [repository = '', tag, digest] = line.split(' ');
    if (!repository.startsWith(`${registry}/`)) return [];
    // One whose tag has moved on is still there by its digest.
    if (tag !== '<none>') return [`${repository}:${tag}`];
    return digest === '<none>' ? [] : [`${repository}@${digest}`];
  });
  if (built.length > 0) await docker('image', 'rm', '--force', ...new Set(built));
}
