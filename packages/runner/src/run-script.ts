import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from './command.ts';
import { parseFileCommand } from './file-command.ts';
import { type Annotation, LogReader } from './log-reader.ts';
import type { Masks } from './masks.ts';
import { eachLine } from './output-lines.ts';

export type { Annotation } from './log-reader.ts';

interface Script {
  readonly script: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly workspace: string;
  readonly temp: string;
  readonly masks: Masks;
  readonly onLine: (line: string) => void;
  readonly signal: AbortSignal | undefined;
  readonly launcher: readonly string[];
}

export interface ScriptResult {
  readonly exitCode: number;
  readonly outputs: Readonly<Record<string, string>>;
  /** Markdown. */
  readonly summary: string;
  readonly annotations: readonly Annotation[];
  /** Every workflow command that was carried out, in order. */
  readonly commands: readonly Command[];
  /** The log as a person would see it. */
  readonly log: string;
  /** Log, summary and state as the script wrote them, nothing masked: where a leak would show. */
  readonly written: string;
  readonly state: Readonly<Record<string, string>>;
  /** What later steps would find in their environment, and first on their PATH. */
  readonly exported: Readonly<Record<string, string>>;
  readonly path: readonly string[];
}

/** Runs one script of an action with files of its own for outputs, state, environment, path and summary. */
export async function runScript({
  script,
  environment,
  workspace,
  temp,
  masks,
  onLine,
  signal,
  launcher,
}: Script): Promise<ScriptResult> {
  const directory = await mkdtemp(join(temp, 'file-commands-'));
  const file = (name: string) => join(directory, name);
  const names = ['GITHUB_OUTPUT', 'GITHUB_STATE', 'GITHUB_ENV', 'GITHUB_PATH', 'GITHUB_STEP_SUMMARY'];
  for (const name of names) await writeFile(file(name), '');
  const reader = new LogReader(masks, onLine);
  const exitCode = await execute(
    [...launcher, process.execPath, script],
    { ...environment, ...Object.fromEntries(names.map((name) => [name, file(name)])) },
    workspace,
    (line) => reader.read(line),
    signal,
  );
  const text = (name: string) => readFile(file(name), 'utf8');
  const result = {
    // A command that can't be carried out fails the step.
    exitCode: exitCode || Number(reader.failed),
    outputs: { ...reader.outputs, ...parseFileCommand(await text('GITHUB_OUTPUT')) },
    summary: masks.apply(await text('GITHUB_STEP_SUMMARY')),
    annotations: reader.annotations,
    commands: reader.commands,
    log: reader.lines.join('\n'),
    written: [...reader.written, await text('GITHUB_STEP_SUMMARY'), await text('GITHUB_STATE')].join('\n'),
    state: { ...reader.state, ...parseFileCommand(await text('GITHUB_STATE')) },
    exported: parseFileCommand(await text('GITHUB_ENV')),
    path: (await text('GITHUB_PATH')).split(/\r?\n/).filter(Boolean),
  };
  await rm(directory, { recursive: true });
  return result;
}

/** Resolves with the exit code; a script ended by a signal counts as 128 and more, as in a shell. */
function execute(
  [program = '', ...args]: readonly string[],
  env: Record<string, string>,
  cwd: string,
  onLine: (line: string) => void,
  signal: AbortSignal | undefined,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    const timers: NodeJS.Timeout[] = [];
    const cancel = () => {
      child.kill('SIGINT');
      timers.push(
        setTimeout(() => child.kill('SIGTERM'), 7_500),
        setTimeout(() => child.kill('SIGKILL'), 10_000),
      );
    };
    if (signal?.aborted) cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    // Both streams are one log: the runner looks for commands in either.
    const streams = [child.stdout, child.stderr].map((stream) => eachLine(stream, onLine));
    child.on('error', reject);
    child.on('close', async (code, killedBy) => {
      signal?.removeEventListener('abort', cancel);
      for (const timer of timers) clearTimeout(timer);
      await Promise.all(streams);
      resolve(code ?? (killedBy === 'SIGINT' ? 130 : 137));
    });
  });
}
