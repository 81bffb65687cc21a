import { spawnSync } from 'node:child_process';

/** A program that ended with another exit code than 0. */
export class ProgramError extends Error {
  readonly exitCode: number | null;
  readonly stderr: string;

  constructor(program: string, args: readonly string[], exitCode: number | null, stderr: string) {
    super(`${program} ${args.slice(0, 3).join(' ')} failed: ${stderr.trim() || `exit code ${exitCode}`}`);
    this.name = 'ProgramError';
    this.exitCode = exitCode;
    this.stderr = stderr;
  }
}

interface ProgramOptions {
  /** What it reads from standard input. */
  readonly input?: string;
  /** Variables beside the step's own. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs git or gh and returns what it wrote to standard output.
 * @throws ProgramError when it fails
 */
export function runProgram(
  program: 'git' | 'gh',
  args: readonly string[],
  { input, env }: ProgramOptions = {},
): Buffer {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    maxBuffer: 1 << 28,
    env: { ...process.env, ...env },
    ...(input !== undefined && { input }),
  });
  if (error) throw new Error(`${program} could not be started: ${error.message}`, { cause: error });
  if (status !== 0) throw new ProgramError(program, args, status, stderr.toString());
  return stdout;
}
