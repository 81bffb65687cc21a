import { type ChildProcess, spawn } from 'node:child_process';
import { cancellation } from './cancellation.ts';
import { childEnvironment } from './child-environment.ts';
import { show } from './console.ts';
import { ActionError } from './error.ts';
import { quoted } from './quoted.ts';
import { wholeLines } from './whole-lines.ts';

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Written to the command's standard input. */
  readonly input?: string;
  /** Keep the output out of the log (it is returned all the same). */
  readonly quiet?: boolean;
  /** Gets what the command prints, of both outputs, as it comes. */
  readonly onOutput?: (text: string) => void;
  /** Return instead of throwing when the command fails. */
  readonly allowFailure?: boolean;
  /** Run it to its end in a cancelled step too: for clean-up. */
  readonly evenIfCancelled?: boolean;
}

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Milliseconds between asking a program to stop and killing it. */
const PATIENCE = 700;

/**
 * Runs a program without a shell. Its arguments go to the log, so secrets must go by `env` or `input`. When the
 * step is cancelled, the program and what it started are interrupted, then killed.
 *
 * @throws ActionError `command-failed` with the last lines of its output, `command-missing` when there is no such
 * program, `cancelled` when the step was cancelled
 */
export async function command(
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  if (!options.evenIfCancelled) cancellation.throwIfAborted();
  if (!options.quiet) show(`[command]${[program, ...args].map(quoted).join(' ')}`);
  const result = await execute(program, args, options);
  if (!options.evenIfCancelled) cancellation.throwIfAborted();
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

function execute(
  program: string,
  args: readonly string[],
  { env, cwd, input, quiet, evenIfCancelled, onOutput }: CommandOptions,
): Promise<CommandResult> {
  const child = spawn(program, args, {
    env: childEnvironment(env),
    cwd,
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    // A process group of its own, by which its children can be stopped too.
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    // Both into one stream, or their order would be lost.
    const printer = wholeLines(show);
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
      if (!quiet) printer.add(text);
      onOutput?.(text);
    });
    child[name]?.on('end', () => printer.end());
  }
  // A program may end without reading it all; its exit code tells how that was.
  child.stdin?.on('error', () => {}).end(input);
  let killer: NodeJS.Timeout | undefined;
  const stop = () => {
    signal(child, 'SIGINT');
    killer = setTimeout(() => signal(child, 'SIGKILL'), PATIENCE);
  };
  if (!evenIfCancelled) cancellation.addEventListener('abort', stop, { once: true });
  return new Promise<CommandResult>((resolve, reject) => {
    child.on('error', (cause) => reject(missing(program, cause)));
    // Without a code it was a signal that ended it.
    child.on('close', (code) => resolve({ exitCode: code ?? 128, ...output }));
  }).finally(() => {
    cancellation.removeEventListener('abort', stop);
    clearTimeout(killer);
    // What it started may outlive it.
    if (killer) signal(child, 'SIGKILL');
  });
}

function signal(child: ChildProcess, name: 'SIGINT' | 'SIGKILL'): void {
  if (process.platform === 'win32' || child.pid === undefined) {
    child.kill(name);
    return;
  }
  try {
    process.kill(-child.pid, name);
  } catch {
    // The whole group has ended meanwhile.
  }
}

function missing(program: string, cause: Error): ActionError {
  return new ActionError(`"${program}" can't be started: ${cause.message}.`, {
    code: 'command-missing',
    hint: `install ${program} on this runner, or put it on its PATH`,
    cause,
  });
}
