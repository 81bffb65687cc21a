import { type CommandOptions, type CommandResult, command } from './command.ts';

/** Milliseconds: a program that waits for an engine that hangs must not hold the step for ever. */
const PATIENCE = 60_000;
const LIMIT = 1024 * 1024;

/**
 * Asks a program something that it answers at once, such as its version; nothing goes to the log.
 *
 * @returns also when the program fails
 * @throws ActionError `command-missing` when there is no such program, `output-too-large` or `command-timeout` when it
 * does not end by itself
 */
export function ask(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  inherits?: CommandOptions['inherits'],
): Promise<CommandResult> {
  const options = { env, ...(inherits && { inherits }), timeout: PATIENCE, limit: LIMIT };
  return command(program, args, { ...options, quiet: true, allowFailure: true });
}
