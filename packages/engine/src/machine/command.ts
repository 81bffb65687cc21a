import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface CommandOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Milliseconds after which the command is killed and the call rejects; default: none. */
  readonly timeout?: number;
  /** Gets every chunk of stdout and stderr as it comes. */
  readonly onOutput?: (text: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** A command that ended with anything but 0; `output` is all that it wrote. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly output: string;

  constructor(message: string, output: string) {
    super(output.trim() ? `${message}\n${output.trim()}` : message);
    this.output = output;
  }
}

/** Runs a command without a shell and returns its stdout; rejects with a CommandError that holds all output. */
export function run(command: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  const { env, cwd, timeout, onOutput, signal } = options;
  const line = [command, ...args].join(' ');
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env: env ?? process.env,
      ...(cwd !== undefined && { cwd }),
      ...(timeout !== undefined && { timeout }),
      ...(signal && { signal }),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      output += text;
      onOutput?.(text);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      onOutput?.(text);
    });
    child.on('error', (error) => reject(new CommandError(`${line}: ${error.message}`, output)));
    child.on('close', (code, killedBy) => {
      if (code === 0) resolve(stdout);
      else
        reject(
          new CommandError(`${line}: ${killedBy ? `killed by ${killedBy}` : `exit code ${code}`}`, output),
        );
    });
  });
}

/** Names the programs, separated by spaces, that a run of tests leaves to another, though this machine may have them. */
export const LEFT = 'GANGWAY_LEFT_PROGRAMS';

/**
 * Every executable of this name on PATH and in the system's own directories, in the order of PATH; none of a program that
 * GANGWAY_LEFT_PROGRAMS names.
 *
 * @param path another PATH than this process has
 */
export function find(name: string, path: string = process.env.PATH ?? ''): string[] {
  if (process.env[LEFT]?.split(' ').includes(name)) return [];
  // A user's PATH often lacks sbin, where dockerd is.
  const system = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/local/bin', '/usr/bin', '/bin'];
  const directories = new Set([...path.split(delimiter).filter(Boolean), ...system]);
  return [...directories].map((directory) => join(directory, name)).filter(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    // A directory is executable, too.
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * A command line that begins a daemon which ends with the process that starts it, however that ends: by setpriv of util-linux,
 * which has the kernel send a signal then (PR_SET_PDEATHSIG of prctl(2)).
 */
export function endingWithUs(
  program: string,
  args: readonly string[],
  signal: NodeJS.Signals = 'SIGTERM',
): [string, string[]] {
  const [setpriv] = find('setpriv');
  if (!setpriv) return [program, [...args]];
  return [setpriv, ['--pdeathsig', signal.replace('SIG', ''), '--', program, ...args]];
}
