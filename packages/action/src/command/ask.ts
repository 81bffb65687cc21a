import { StringDecoder } from 'node:string_decoder';
import { exec } from '@actions/exec';
import { ActionError } from '../error.ts';
import { childEnvironment } from './child-environment.ts';
import type { CommandOptions, CommandResult } from './command.ts';
import { missing, tooLarge, tooSlow } from './command-failure.ts';
import { type KeptOutput, keepOutput } from './kept-output.ts';
import { holdStart } from './warden.ts';

/** Milliseconds: a program that waits for an engine that hangs must not hold the step for ever. */
const PATIENCE = 60_000;
/** Characters of each output. */
const LIMIT = 1024 * 1024;

/**
 * Asks a program something that it answers at once, such as its version; nothing goes to the log. One that does not
 * end is left behind, and ends with the step.
 *
 * @returns also when the program fails
 * @throws ActionError `command-missing` when there is no such program, `output-too-large` or `command-timeout` when it
 * does not end by itself
 */
export async function ask(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  inherits?: CommandOptions['inherits'],
): Promise<CommandResult> {
  const output = { stdout: keepOutput(LIMIT, true), stderr: keepOutput(LIMIT, true) };
  const { promise: failed, reject: fail } = Promise.withResolvers<never>();
  const overflow = () => fail(tooLarge(program, args, LIMIT));
  const timer = setTimeout(() => fail(tooSlow(program, args, PATIENCE)), PATIENCE);
  const ended = holdStart();
  // It takes a command line apart at spaces.
  const running = exec(`"${program.replaceAll('"', '\\"')}"`, [...args], {
    silent: true,
    ignoreReturnCode: true,
    env: childEnvironment(env, inherits),
    listeners: {
      stdout: keeper(output.stdout, overflow),
      stderr: keeper(output.stderr, overflow),
    },
  }).finally(ended);
  try {
    const exitCode = await Promise.race([running, failed]);
    return { exitCode, stdout: output.stdout.text(), stderr: output.stderr.text() };
  } catch (error) {
    if (error instanceof ActionError) throw error;
    throw missing(program, error as Error);
  } finally {
    clearTimeout(timer);
    // Nobody waits for either anymore.
    for (const promise of [running, failed]) promise.catch(() => {});
  }
}

/** Keeps what comes, a character at a time even where one is cut in two; of what is too much, nothing. */
function keeper(output: KeptOutput, overflow: () => void): (data: Buffer) => void {
  const decoder = new StringDecoder('utf8');
  let full = false;
  return (data) => {
    full ||= !output.add(decoder.write(data));
    if (full) overflow();
  };
}
