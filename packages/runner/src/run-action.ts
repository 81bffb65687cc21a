import { mkdir, mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { JOB_STATUS, readActionFile } from './action-file.ts';
import { environmentOf, inputVariables } from './environment.ts';
import { Masks } from './masks.ts';
import { runScript, type ScriptResult } from './run-script.ts';

export type { Annotation } from './run-script.ts';

export interface RunOptions {
  /** Name of an action of this repository, or the absolute path of a directory with an action.yml. */
  readonly action: string;
  readonly inputs?: Readonly<Record<string, string>>;
  /** Added to what the runner itself sets; nothing of this process's environment but PATH and HOME is passed on. */
  readonly env?: Readonly<Record<string, string>>;
  /** GITHUB_WORKSPACE and the working directory; default: an empty directory. */
  readonly workspace?: string;
  /** RUNNER_TEMP; default: a new directory, which the caller may remove after `post`. */
  readonly temp?: string;
  /** Gets every line as a person would see it in the log: masked, commands rendered. */
  readonly onLine?: (line: string) => void;
  /** Cancels the main script as GitHub's runner does: SIGINT, after 7.5 s SIGTERM, after 2.5 s more SIGKILL. */
  readonly signal?: AbortSignal;
  /** A program and its first arguments, which gets node and the script as further ones: to measure what they use. */
  readonly launcher?: readonly string[];
}

/** What the main or the post script of a step did. */
export interface StepRun extends ScriptResult {
  /** Every value masked so far, as it was given. */
  readonly masks: readonly string[];
}

export interface StepResult extends StepRun {
  /** RUNNER_TEMP of the step. */
  readonly temp: string;
  /**
   * Runs the post script with the state that main saved; undefined where the action has none.
   *
   * @param status of the job by then; default `success`. The runner evaluates the defaults of inputs for it once more.
   */
  post(status?: JobStatus): Promise<StepRun | undefined>;
}

export type JobStatus = 'success' | 'failure' | 'cancelled';

const actions = fileURLToPath(new URL('../../../actions', import.meta.url));

/** Runs a JavaScript action in a child process as GitHub's runner does. */
export async function runAction(options: RunOptions): Promise<StepResult> {
  const { action, inputs = {}, env = {}, onLine = () => {}, signal, launcher = [] } = options;
  const file = await readActionFile(isAbsolute(action) ? action : join(actions, action));
  const temp = options.temp ?? (await mkdtemp(join(await realpath(tmpdir()), 'gangway-runner-')));
  await mkdir(temp, { recursive: true });
  const workspace = options.workspace ?? join(temp, 'workspace');
  await mkdir(workspace, { recursive: true });

  const masks = new Masks();
  const unexpected = Object.keys(inputs).filter((name) => !file.inputs.has(name));
  if (unexpected.length > 0) onLine(`Warning: Unexpected input(s) '${unexpected.join("', '")}'`);
  const given = (status: JobStatus) => {
    const defaults = [...file.inputs].flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value === JOB_STATUS ? status : value] as const],
    );
    return inputVariables(new Map([...defaults, ...Object.entries(inputs)]));
  };
  const environment = await environmentOf(workspace, temp, env);
  const run = async (
    script: string,
    status: JobStatus,
    state: Readonly<Record<string, string>>,
    cancelled: AbortSignal | undefined,
  ): Promise<StepRun> => {
    const stated = Object.fromEntries(Object.entries(state).map(([name, value]) => [`STATE_${name}`, value]));
    const result = await runScript({
      script,
      environment: { ...environment, ...given(status), ...stated },
      workspace,
      temp,
      masks,
      onLine,
      signal: cancelled,
      launcher,
    });
    return { ...result, masks: masks.values };
  };
  const main = await run(file.main, 'success', {}, signal);
  return {
    ...main,
    temp,
    // GitHub's runner runs the post scripts of a cancelled job to their end.
    post: async (status = 'success') =>
      file.post === undefined ? undefined : run(file.post, status, main.state, undefined),
  };
}
