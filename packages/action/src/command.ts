import { type ChildProcess, spawn } from 'node:child_process';
import { StringDecoder } from 'node:string_decoder';
import { ActionError } from './error.ts';
import { log } from './log.ts';
import { cancellation } from './run.ts';

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

/** A cancelled step has 7.5 seconds until its next signal; a command that does not end by then is killed before. */
const PATIENCE = 4000;

/** What is this step's alone: its inputs may hold secrets, and who has the request token is the job to GitHub. */
const PRIVATE = /^(INPUT_|STATE_|ACTIONS_ID_TOKEN_REQUEST_)/;

/**
 * Runs a program without a shell. Its arguments go to the log, so secrets must go by `env` or `input`. A cancelled
 * step stops it.
 *
 * @throws ActionError `command-failed` with the last lines of its output, `command-missing` when there is no such
 *   program, `cancelled`
 */
export async function command(
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  cancellation.throwIfAborted();
  const { quiet = false, allowFailure = false, input } = options;
  if (!quiet) log.info(`[command]${[program, ...args].join(' ')}`);
  const child = spawn(program, args, {
    env: { ...shared(process.env), ...options.env },
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    ...(options.cwd && { cwd: options.cwd }),
  });
  const result = await ended(child, quiet, input);
  cancellation.throwIfAborted();
  if (result.exitCode !== 0 && !allowFailure) {
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

function ended(child: ChildProcess, quiet: boolean, input: string | undefined): Promise<CommandResult> {
  const stdout = collect(child.stdout, quiet ? undefined : process.stdout);
  const stderr = collect(child.stderr, quiet ? undefined : process.stderr);
  // A program that ends before it has read everything is judged by its exit code.
  child.stdin?.on('error', () => {});
  child.stdin?.end(input);
  return new Promise((resolve, reject) => {
    let kill: NodeJS.Timeout | undefined;
    const cancel = () => {
      child.kill('SIGINT');
      kill = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
    };
    const settle = () => {
      clearTimeout(kill);
      cancellation.removeEventListener('abort', cancel);
    };
    cancellation.addEventListener('abort', cancel, { once: true });
    child.once('error', (cause) => {
      settle();
      reject(
        new ActionError(`${child.spawnfile} could not be started: ${cause.message}`, {
          code: 'command-missing',
          hint: `install ${child.spawnfile} on this runner`,
          cause,
        }),
      );
    });
    child.once('close', (code) => {
      settle();
      resolve({ exitCode: code ?? 1, stdout: stdout(), stderr: stderr() });
    });
  });
}

function collect(from: NodeJS.ReadableStream | null, to: NodeJS.WritableStream | undefined): () => string {
  const decoder = new StringDecoder('utf8');
  let text = '';
  from?.on('data', (chunk: Buffer) => {
    text += decoder.write(chunk);
    to?.write(chunk);
  });
  return () => text + decoder.end();
}

function shared(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !PRIVATE.test(name)));
}
