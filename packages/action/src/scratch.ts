import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getState, saveState } from '@actions/core';

const STATE = 'gangway_scratch';

/** A directory of the step's own under RUNNER_TEMP, mode 0700; {@link removeScratch} removes it in the post step. */
export async function createScratch(): Promise<string> {
  const path = await mkdtemp(join(process.env.RUNNER_TEMP || tmpdir(), 'gangway-'));
  saveState(STATE, path);
  return path;
}

/** Removes what {@link createScratch} made in the main step, also after a failure or a cancel. */
export async function removeScratch(): Promise<void> {
  const path = getState(STATE);
  if (path) await rm(path, { recursive: true, force: true });
}
