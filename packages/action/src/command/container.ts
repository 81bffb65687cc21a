import { randomUUID } from 'node:crypto';
import { getState, saveState } from '@actions/core';
import { log } from '../log/log.ts';
import { command } from './command.ts';
import { holdContainer } from './warden.ts';

const STATE = 'gangway_container';
const NAME = /^gangway-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Runs a container that ends with the step, however the step ends: a container is the engine's, and goes on when Docker's client is
 * stopped. It is removed when `work` fails or the step is cancelled, by the warden when the step is killed, and by the post
 * step ({@link removeContainer}) where none of them could.
 *
 * @param env in which Docker's client finds the engine
 * @param work runs it by this name, with `--rm`, and waits for its end
 */
export async function withContainer<T>(
  env: Readonly<Record<string, string>>,
  work: (name: string) => Promise<T>,
): Promise<T> {
  const name = `gangway-${randomUUID()}`;
  const release = holdContainer(name);
  saveState(STATE, name);
  let ended = false;
  try {
    const result = await work(name);
    ended = true;
    return result;
  } finally {
    if (ended || (await remove(name, env))) saveState(STATE, '');
    release();
  }
}

/** Removes a container that {@link withContainer} could not; a state that names no such container is left alone. */
export async function removeContainer(): Promise<void> {
  const name = getState(STATE);
  if (name === '') return;
  if (!NAME.test(name)) {
    log.warning(
      `The post step leaves the container ${JSON.stringify(name)} alone: this action didn't create it. Something changed the state of this step.`,
    );
  } else if (!(await remove(name))) {
    log.warning(`The container ${name} of this step may still run: Docker could not remove it.`);
  }
}

/** Whether it is gone; one that is not there is. */
async function remove(name: string, env: Readonly<Record<string, string>> = {}): Promise<boolean> {
  const args = ['rm', '--force', '--volumes', name];
  const options = { env, quiet: true, allowFailure: true, evenIfCancelled: true, timeout: 20_000 };
  try {
    const { exitCode, stderr } = await command('docker', args, options);
    return exitCode === 0 || /no such container/i.test(stderr);
  } catch {
    return false;
  }
}
