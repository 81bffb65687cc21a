import { ActionError } from '@gangway/action';
import { type Writer, whoWrote } from './own.ts';

const WAY_OUT = {
  code: 'overtaken',
  hint: 'run the job again; a concurrency group in the workflow keeps two deploys apart',
};

/** A write that was refused because somebody else wrote since the resource was read, or made it first. */
export class Overtaken extends ActionError {
  constructor(name: string, by: Writer, cause: unknown, what = 'changed') {
    super(`${name} was ${what} by ${whoWrote(by)} at the same time, and that change came first.`, {
      ...WAY_OUT,
      cause,
    });
  }
}

/** The error for a deploy that came to nothing since another followed it. */
export function overtaken(message: string): ActionError {
  return new ActionError(message, WAY_OUT);
}
