import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { writeShells } from './shells.ts';

/** One line of `act --json`. */
export interface ActEvent {
  readonly level?: string;
  readonly msg?: string;
  readonly command?: string;
  readonly name?: string;
  readonly arg?: string;
  /** Name of the job, with the values of its matrix. */
  readonly job?: string;
  /** Key of the job in the workflow. */
  readonly jobID?: string;
  readonly step?: string;
  readonly stepID?: readonly string[];
  /** `Pre`, `Main` or `Post`. */
  readonly stage?: string;
  readonly stepResult?: string;
  /** Nanoseconds that the step took. */
  readonly executionTime?: number;
  readonly jobResult?: string;
  /** Whether `msg` is what a step printed. */
  readonly raw_output?: boolean;
}

export interface ActRun {
  readonly exitCode: number;
  /** Outputs by the step's id. */
  readonly outputs: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly jobResults: readonly string[];
}

export interface ActCall {
  /** Path of the program. */
  readonly act: string;
  /** Its arguments, but those that every run has. */
  readonly args: readonly string[];
  /** A clone of the repository. */
  readonly directory: string;
  /** With the PATH that steps have. */
  readonly env: Readonly<Record<string, string>>;
  readonly onEvent: (event: ActEvent) => void;
  readonly signal?: AbortSignal | undefined;
}

/** How act runs on the machine itself, without a network and without a question. */
const OFFLINE = ['--json', '--rm', '--pull=false', '--action-offline-mode', '--no-cache-server'];

/** Runs act, and gathers what its steps put out. */
export async function runAct(call: ActCall): Promise<ActRun> {
  const shells = await mkdtemp(join(tmpdir(), 'gangway-shells-'));
  try {
    const PATH = await writeShells(shells, call.env.PATH ?? '');
    return await start({ ...call, env: { ...call.env, PATH } });
  } finally {
    await rm(shells, { recursive: true, force: true });
  }
}

async function start({ act, args, directory, env, onEvent, signal }: ActCall): Promise<ActRun> {
  const child = spawn(act, [...args, ...OFFLINE], {
    cwd: directory,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const outputs: Record<string, Record<string, string>> = {};
  const jobResults: string[] = [];
  const cancel = () => child.kill('SIGINT');
  if (signal?.aborted) cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  const ended = new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
  const read = async (stream: NodeJS.ReadableStream) => {
    for await (const line of createInterface({ input: stream })) {
      const event = parseEvent(line);
      const [id] = event.stepID ?? [];
      if (event.command === 'set-output' && id && event.name) {
        outputs[id] = { ...outputs[id], [event.name]: event.arg ?? '' };
      }
      if (event.jobResult) jobResults.push(event.jobResult);
      onEvent(event);
    }
  };
  const [exitCode] = await Promise.all([ended, read(child.stdout), read(child.stderr)]);
  signal?.removeEventListener('abort', cancel);
  return { exitCode, outputs, jobResults };
}

/** A file of variables or secrets as act reads it, for its owner alone. */
export async function writeVariables(
  file: string,
  variables: Readonly<Record<string, string>>,
): Promise<void> {
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${JSON.stringify(value)}\n`);
  await writeFile(file, lines.join(''), { mode: 0o600 });
}

/** What act prints before it knows that it should speak JSON is a message all the same. */
function parseEvent(line: string): ActEvent {
  try {
    return JSON.parse(line) as ActEvent;
  } catch {
    return { msg: line };
  }
}
