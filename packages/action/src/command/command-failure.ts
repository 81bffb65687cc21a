import { ActionError } from '../error.ts';
import { systemError } from '../system-error.ts';

/** There is no such program, or it may not be started. */
export function missing(program: string, cause: NodeJS.ErrnoException): ActionError {
  return new ActionError(`"${program}" can't be started: ${reason(cause)}.`, {
    code: 'command-missing',
    hint:
      cause.code === 'ENOENT'
        ? `install ${program} on this runner, or put it on its PATH`
        : systemError(cause)?.hint,
    cause,
  });
}

/** It printed more than is kept. @param limit in characters */
export function tooLarge(program: string, [first = '']: readonly string[], limit: number): ActionError {
  return new ActionError(
    `${program} ${first} was stopped: it printed more than the ${limit.toLocaleString('en-US')} characters that are kept.`,
    {
      code: 'output-too-large',
      hint: `run "${program} ${first}" by hand on this runner to see what it prints`,
    },
  );
}

/** It went on for too long. @param timeout in milliseconds */
export function tooSlow(program: string, [first = '']: readonly string[], timeout: number): ActionError {
  return new ActionError(`${program} ${first} was stopped: it did not end within ${timeout / 1000} s.`, {
    code: 'command-timeout',
    hint: `run "${program} ${first}" by hand on this runner to see what it waits for`,
  });
}

function reason(cause: NodeJS.ErrnoException): string {
  if (cause.code === 'ENOENT') return 'there is no such program on the PATH';
  return cause.code === 'EACCES' ? 'it is not executable for the user of this step' : cause.message;
}
