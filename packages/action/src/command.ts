import { type ChildProcess, spawn } from 'node:child_process';
import { cancellation } from './cancellation.ts';
import { childEnvironment } from './child-environment.ts';
import { ActionError } from './error.ts';
import { linePrinter } from './harmless.ts';
import { holdGroup, holdStart } from './warden.ts';

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Tells by name which of the step's own variables the program gets beside `env`; default all that are not private. */
  readonly inherits?: (name: string) => boolean;
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
 * step is cancelled, the program and what it started are interrupted, then killed; when the step is killed, they are too.
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
  if (!options.quiet) process.stdout.write(`[command]${[program, ...args].join(' ')}\n`);
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
  { env, inherits, cwd, input, quiet, evenIfCancelled, onOutput }: CommandOptions,
): Promise<CommandResult> {
  const { child, ended } = held(() =>
    spawn(program, args, {
      env: childEnvironment(env, inherits),
      cwd,
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      // A process group of its own, by which its children can be stopped too.
      detached: process.platform !== 'win32',
      windowsHide: true,
    }),
  );
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    // Both into one stream, or their order would be lost.
    const printer = linePrinter((text) => process.stdout.write(text));
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
    ended();
  });
}

/** Starts a program that ends with the step also when the step is killed, at any moment from now on. */
function held<T extends ChildProcess>(start: () => T): { readonly child: T; readonly ended: () => void } {
  const started = holdStart();
  try {
    const child = start();
    return { child, ended: child.pid === undefined ? () => {} : holdGroup(child.pid) };
  } finally {
    started();
  }
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
