import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, mkdtemp, open, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { getState, saveState } from '@actions/core';
import { log } from './log/log.ts';

const STATE = 'gangway_scratch';
/** A file in the directory with what the step's state says too: who can write the one alone can have nothing else removed. */
const MARK = '.gangway';
const FORM = /^(gangway-\w{6}) ([0-9a-f]{32})$/;

/** A directory of the step's own under RUNNER_TEMP, mode 0700; {@link removeScratch} removes it in the post step. */
export async function createScratch(): Promise<string> {
  const path = await mkdtemp(join(await parent(), 'gangway-'));
  const mark = randomBytes(16).toString('hex');
  await writeFile(join(path, MARK), mark, { mode: 0o600, flag: 'wx' });
  saveState(STATE, `${basename(path)} ${mark}`);
  return path;
}

/**
 * Removes what {@link createScratch} made in the main step, also after a failure or a cancel. Anything else that the state may name
 * is left alone, with a warning: it is a file that other programs of the job can write.
 */
export async function removeScratch(): Promise<void> {
  const state = getState(STATE);
  if (state === '') return;
  // A name, never a path: it can't lead out of RUNNER_TEMP.
  const [, name = '', mark = ''] = FORM.exec(state) ?? [];
  if (!name) return refuse(state, "this action doesn't create such a directory");
  const temporary = await parent().catch(missing);
  if (!temporary) return;
  const path = join(temporary, name);
  const wrong = await objection(path, mark);
  if (wrong === 'gone') return;
  if (wrong) return refuse(path, wrong);
  await rm(path, { recursive: true, force: true, maxRetries: 3 }).catch((error: Error) =>
    log.warning(`${path}, which may hold secrets, can't be removed: ${error.message}.`),
  );
}

/** Why a directory is not to be removed: it must be the one that this action made, itself and not by a link. */
async function objection(path: string, mark: string): Promise<string | undefined> {
  const found = await lstat(path).catch(missing);
  if (!found) return 'gone';
  if (!found.isDirectory()) return 'it is not a directory';
  if (process.getuid && found.uid !== process.getuid()) return 'it belongs to another user';
  return (await markOf(path)) === mark ? undefined : 'this action did not make it';
}

async function markOf(path: string): Promise<string | undefined> {
  // O_NOFOLLOW is not there on Windows; O_NONBLOCK, so that a pipe in its place can't hold the job.
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
  const file = await open(join(path, MARK), O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch(() => undefined);
  try {
    const { buffer, bytesRead } = (await file?.read(Buffer.alloc(64), 0, 64, 0)) ?? { bytesRead: 0 };
    return buffer?.toString('latin1', 0, bytesRead);
  } catch {
    // No file, but a directory or the like.
    return undefined;
  } finally {
    await file?.close();
  }
}

/** RUNNER_TEMP, without links on the way. */
function parent(): Promise<string> {
  return realpath(process.env.RUNNER_TEMP || tmpdir());
}

function missing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

function refuse(what: string, why: string): void {
  log.warning(
    `The post step leaves ${JSON.stringify(what)} alone: ${why}. Something changed the state of this step.`,
  );
}
