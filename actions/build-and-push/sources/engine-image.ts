import { ask, log } from '@gangway/action';
import type { Inputs } from '../inputs.ts';

/**
 * The id of an image in the engine's own store, where a build on this engine would start from that: of a base image that is on this
 * machine alone, no registry tells what it is. The id is a digest of what the image holds, so that it names the same image anywhere.
 *
 * @returns undefined where the image is not there, or where the build looks elsewhere: in a builder of its own, or with `pull`
 */
export async function engineImage(
  name: string,
  { builder, pull }: Pick<Inputs, 'builder' | 'pull'>,
): Promise<string | undefined> {
  if (builder || pull) return undefined;
  try {
    const [shown, found] = await Promise.all([
      ask('docker', ['buildx', 'inspect']),
      ask('docker', ['image', 'inspect', '--format', '{{.Id}}', name]),
    ]);
    // Without buildx, it is the engine that builds.
    const driver = shown.exitCode === 0 ? /^Driver:[ \t]+(\S+)/m.exec(shown.stdout)?.[1] : 'docker';
    const id = found.stdout.trim();
    return driver === 'docker' && found.exitCode === 0 && /^sha256:[0-9a-f]{64}$/.test(id) ? id : undefined;
  } catch (error) {
    log.debug(`The engine doesn't say what ${name} is: ${error}`);
    return undefined;
  }
}
