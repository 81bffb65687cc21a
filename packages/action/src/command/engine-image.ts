import { randomUUID } from 'node:crypto';
import { getState, saveState } from '@actions/core';
import { cancellation } from '../cancellation.ts';
import { log } from '../log/log.ts';
import { command } from './command.ts';

const STATE = 'gangway_image';
/** A name that {@link withEngineImage} makes; it can't be taken for an option. */
const NAME = /^[\w][\w.:/-]*:gangway-run-[0-9a-f]{32}$/;

/**
 * Gives an image of a Docker engine a name that no other step can use, for as long as `work` takes. Other steps may build on the same
 * engine, and move any name that comes from inputs. The name is removed however the step ends: here, or by the post step
 * ({@link removeEngineImage}) where the step was cancelled or killed.
 *
 * @param image without a tag, e.g. `us-docker.pkg.dev/p/r/app`
 * @param env in which Docker's client finds the engine
 * @param work gets the name, `IMAGE:gangway-run-HEX`
 */
export async function withEngineImage<T>(
  image: string,
  env: Readonly<Record<string, string>>,
  work: (name: string) => Promise<T>,
): Promise<T> {
  const name = `${image}:gangway-run-${randomUUID().replaceAll('-', '')}`;
  saveState(STATE, name);
  try {
    return await work(name);
  } finally {
    // A cancelled step has little time left, and the post step more.
    if (!cancellation.aborted && (await remove(name, env))) saveState(STATE, '');
  }
}

/** Removes a name that {@link withEngineImage} could not remove; any other that the state may name is left alone. */
export async function removeEngineImage(): Promise<void> {
  const name = getState(STATE);
  if (name === '') return;
  if (!NAME.test(name))
    log.warning(
      `The post step leaves the image ${JSON.stringify(name)} alone: this action doesn't make such names. Something changed the state of this step.`,
    );
  else if (!(await remove(name)))
    log.warning(`The image ${name} of this step may still be in the engine: Docker could not remove it.`);
}

/** Whether it is gone. Images below it stay: the classic builder may be using them as its cache right now. */
async function remove(name: string, env: Readonly<Record<string, string>> = {}): Promise<boolean> {
  const options = { env, quiet: true, allowFailure: true, evenIfCancelled: true, timeout: 20_000 };
  try {
    const { exitCode, stderr } = await command('docker', ['image', 'rm', '--no-prune', name], options);
    return exitCode === 0 || /no such image/i.test(stderr);
  } catch {
    return false;
  }
}
