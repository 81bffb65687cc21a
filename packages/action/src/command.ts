import { getExecOutput } from '@actions/exec';
import { ActionError } from './error.ts';

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Written to the command's standard input. */
  readonly input?: string;
  /** Keep the output out of the log (it is returned all the same). */
  readonly quiet?: boolean;
  /** Return instead of throwing when the command fails. */
  readonly allowFailure?: boolean;
}

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program without a shell. Its arguments go to the log, so secrets must go by `env` or `input`.
 *
 * @throws ActionError `command-failed` with the last lines of its output
 */
export async function command(
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const result = await getExecOutput(program, [...args], {
    ignoreReturnCode: true,
    silent: options.quiet ?? false,
    env: { ...(process.env as Record<string, string>), ...options.env },
    ...(options.cwd && { cwd: options.cwd }),
    ...(options.input !== undefined && { input: Buffer.from(options.input) }),
  });
  if (result.exitCode !== 0 && !options.allowFailure) {
    const tail = lastLines(`${result.stdout}\n${result.stderr}`, 12);
    throw new ActionError(`${program} ${args[0] ?? ''} failed with exit code ${result.exitCode}:\n${tail}`, {
      code: 'command-failed',
    });
  }
  return result;
}

/** The last lines of a text that are not empty. */
export function lastLines(text: string, count: number): string {
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .slice(-count)
    .join('\n');
}
