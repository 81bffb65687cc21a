import { randomBytes } from 'node:crypto';

/**
 * What is this step's alone: its inputs may hold secrets; the runner's tokens let who has them ask GitHub as the job; and what is
 * written to the runner's files sets outputs, the PATH of later steps, and what the post step is told to remove.
 */
const PRIVATE = /^(INPUT_|STATE_|ACTIONS_|GITHUB_(ENV|PATH|OUTPUT|STATE|STEP_SUMMARY)$)/i;

/** In the environment of all that the step starts, and of nothing else: by it what is left of a step that was killed is found. */
export const MARK = { name: 'GANGWAY_STEP', value: randomBytes(16).toString('hex') } as const;

/**
 * The environment that a program started by the step gets: the step's own without what is private to it.
 *
 * @param own variables that it gets beside those
 * @param inherits tells by name which of the step's variables it gets; default all
 */
export function childEnvironment(
  own: Readonly<Record<string, string>> = {},
  inherits: (name: string) => boolean = () => true,
): Record<string, string> {
  const shared = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !PRIVATE.test(entry[0]) && inherits(entry[0]),
  );
  return { ...Object.fromEntries(shared), ...own, [MARK.name]: MARK.value };
}
