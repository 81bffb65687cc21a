import { type ChildProcess, spawn } from 'node:child_process';
import { cancellation } from '../cancellation.ts';
import { ActionError } from '../error.ts';
import { congestion, show } from '../log/console.ts';
import { quoted } from '../log/quoted.ts';
import { wholeLines } from '../log/whole-lines.ts';
import { childEnvironment } from './child-environment.ts';
import { missing, tooLarge, tooSlow } from './command-failure.ts';
import { keepOutput } from './kept-output.ts';
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
  /**
   * Which part of the output is returned where it is longer than `limit`. `all`: none, the program is stopped and the
   * call fails; `end`: its last lines. Default: `all` of what is quiet, which is somebody's answer; the `end` of what is
   * in the log.
   */
  readonly keep?: 'all' | 'end';
  /** The most characters that are kept of each output; default 16 Mi. */
  readonly limit?: number;
  /** Milliseconds after which the program is stopped and the call fails; default: none. */
  readonly timeout?: number;
  /**
   * Milliseconds between asking the program to stop and killing it; default 700. {@link CLEANING_UP} is for one that cleans up
   * at the first signal.
   */
  readonly patience?: number;
}

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const PATIENCE = 700;
/** Milliseconds in which a program that is told to stop can still ask its servers for something, and the step clean up after it. */
export const CLEANING_UP = 5000;
const LIMIT = 16 * 1024 * 1024;

/**
 * Runs a program without a shell. Its arguments go to the log, so secrets must go by `env` or `input`. When the
 * step is cancelled, the program and what it started are interrupted, then killed; when the step is killed, they are too.
 *
 * @throws ActionError `command-failed` with the last lines of its output, `command-missing` when there is no such
 * program, `output-too-large` and `command-timeout` when it was stopped for that, `cancelled` when the step was cancelled
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

/** The last lines of a text that are not empty, each cut to what a person reads. */
export function lastLines(text: string, count: number): string {
  return text
    .slice(-LONGEST * count)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .slice(-count)
    .map((line) => (line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line))
    .join('\n');
}

/** Characters of a line that are shown. */
const LONGEST = 1000;

function execute(program: string, args: readonly string[], options: CommandOptions): Promise<CommandResult> {
  const { env, inherits, cwd, input, quiet, evenIfCancelled, onOutput, limit = LIMIT, timeout } = options;
  const { keep = quiet ? 'all' : 'end', patience = PATIENCE } = options;
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
  const output = { stdout: keepOutput(limit, keep === 'all'), stderr: keepOutput(limit, keep === 'all') };
  for (const name of ['stdout', 'stderr'] as const) {
    // Both into one stream, or their order would be lost.
    const printer = wholeLines(show);
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      if (failure) return;
      if (!output[name].add(text)) {
        fail(tooLarge(program, args, limit));
        return;
      }
      if (!quiet) printer.add(text);
      onOutput?.(text);
      if (!stopped) waitForLog(child);
    });
    child[name]?.on('end', () => printer.end());
  }
  // A program may end without reading it all; its exit code tells how that was.
  child.stdin?.on('error', () => {}).end(input);
  let killer: NodeJS.Timeout | undefined;
  let stopped = false;
  const stop = () => {
    stopped = true;
    // What waits for the log would not be seen to end.
    for (const stream of [child.stdout, child.stderr]) stream?.resume();
    signal(child, 'SIGINT');
    killer ??= setTimeout(() => {
      signal(child, 'SIGKILL');
      // What left the group may hold them open for as long as it likes.
      if (failure) for (const stream of [child.stdout, child.stderr]) stream?.destroy();
    }, patience);
  };
  let failure: ActionError | undefined;
  const fail = (error: ActionError) => {
    failure ??= error;
    stop();
  };
  const timer = timeout && setTimeout(() => fail(tooSlow(program, args, timeout)), timeout);
  if (!evenIfCancelled) cancellation.addEventListener('abort', stop, { once: true });
  return new Promise<CommandResult>((resolve, reject) => {
    child.on('error', (cause) => reject(missing(program, cause)));
    // Without a code it was a signal that ended it.
    child.on('close', (code) => {
      if (failure) reject(failure);
      else resolve({ exitCode: code ?? 128, stdout: output.stdout.text(), stderr: output.stderr.text() });
    });
  }).finally(() => {
    if (timer) clearTimeout(timer);
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

/** Lets a program wait as long as the log is not read: what it prints would fill the memory. */
function waitForLog({ stdout, stderr }: ChildProcess): void {
  const read = congestion();
  if (!read) return;
  for (const stream of [stdout, stderr]) stream?.pause();
  read.then(() => {
    for (const stream of [stdout, stderr]) stream?.resume();
  });
}
