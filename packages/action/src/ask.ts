import { getExecOutput } from '@actions/exec';
import { childEnvironment } from './child-environment.ts';
import type { CommandOptions, CommandResult } from './command.ts';
import { holdStart } from './warden.ts';

/**
 * Asks a program something that it answers at once, such as its version; nothing goes to the log. What takes long,
 * and has to stop when the step is cancelled, is for `command`.
 *
 * @returns also when the program fails
 * @throws Error when there is no such program
 */
export function ask(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  inherits?: CommandOptions['inherits'],
): Promise<CommandResult> {
  const ended = holdStart();
  return getExecOutput(program, [...args], {
    silent: true,
    ignoreReturnCode: true,
    env: childEnvironment(env, inherits),
  }).finally(ended);
}
