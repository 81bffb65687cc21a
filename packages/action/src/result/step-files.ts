import { accessSync, constants, statfsSync, statSync } from 'node:fs';
import { ActionError } from '../error.ts';
import { systemError } from '../system-error.ts';

/** Bytes that outputs need at least. */
const ROOM = 64 * 1024;

/**
 * Makes sure, before the step does anything, that its outputs can be handed on: a deploy whose outputs are lost has to be
 * done again.
 *
 * @throws ActionError `step-file` where one of the runner's files is not there or not to be written to, `disk-full`
 */
export function checkStepFiles(): void {
  const { GITHUB_OUTPUT: output, GITHUB_STATE: state, GITHUB_ACTIONS: actions } = process.env;
  if (output) checkWritable('GITHUB_OUTPUT', output);
  else if (actions === 'true') throw unset('GITHUB_OUTPUT', 'the outputs of this step would be lost');
  // Where the post step finds what it has to remove.
  if (state) checkWritable('GITHUB_STATE', state);
  else if (actions === 'true')
    throw unset('GITHUB_STATE', 'the post step could not remove what this step makes');
}

function unset(variable: string, consequence: string): ActionError {
  return new ActionError(`The environment variable ${variable} is not set, so ${consequence}.`, {
    code: 'step-file',
    hint: `leave ${variable} out of "env:": the runner sets it for each step; nothing was done so far`,
  });
}

function checkWritable(variable: string, path: string): void {
  try {
    if (!statSync(path).isFile()) throw unusable(variable, path, 'it is not a regular file', undefined);
    accessSync(path, constants.W_OK);
    const { bavail, blocks, bsize } = statfsSync(path);
    // Some file systems don't tell.
    if (blocks > 0 && bavail * bsize < ROOM) {
      throw new ActionError(
        `The disk that holds ${path} (${variable}) is full, so the outputs of this step would be lost.`,
        {
          code: 'disk-full',
          hint: 'free some space on the disk of the runner ("df -h" shows it), or use a larger runner; nothing was done so far',
        },
      );
    }
  } catch (error) {
    if (error instanceof ActionError) throw error;
    const cause = systemError(error);
    if (!cause) throw error;
    throw unusable(
      variable,
      path,
      REASONS[(error as NodeJS.ErrnoException).code ?? ''] ?? cause.message,
      cause,
    );
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'a part of the path is a file, not a directory',
  EACCES: 'the user of this step may not write to it',
  EROFS: 'the file system is read-only',
  ELOOP: 'its symbolic links lead in a circle',
};

function unusable(variable: string, path: string, why: string, cause: unknown): ActionError {
  return new ActionError(
    `The environment variable ${variable} names ${path}, which this step can't write to: ${why}.`,
    {
      code: 'step-file',
      hint: 'let it name the file that the runner made for the step, and mount its directory in a container; nothing was done so far',
      cause,
    },
  );
}
