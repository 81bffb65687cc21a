import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { LocalCloud } from '../local-cloud.ts';
import { requestTokens } from './environments.ts';
import { type Caller, prepareWorkspace } from './workspace.ts';

/** One line of `act --json`. */
export interface ActEvent {
  readonly level?: string;
  readonly msg?: string;
  readonly command?: string;
  readonly name?: string;
  readonly arg?: string;
  readonly step?: string;
  readonly stepID?: readonly string[];
  readonly stepResult?: string;
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

export interface ActOptions {
  readonly act: string;
  /** Image to start the example's Dockerfile from. */
  readonly base: string;
  readonly local: LocalCloud;
  readonly onEvent: (event: ActEvent) => void;
  readonly signal?: AbortSignal;
  /** The repository whose workflow runs; the example's when it is left out. */
  readonly caller?: Caller;
  /** Variables of that repository. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Its secrets; as GITHUB_TOKEN the job's own. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** What started the run, and GitHub's payload; started by hand when it is left out. */
  readonly event?: { readonly name: string; readonly payload: object };
  /** What steps have in their environment beside the local cloud's. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a caller's workflow through act against the local cloud, in folders that go with the cloud's. */
export async function runAct(options: ActOptions): Promise<ActRun> {
  const { act, base, local, onEvent, signal, event, secrets = {} } = options;
  const folder = await mkdtemp(join(local.folder, 'act-'));
  const { caller, workflows, repositories } = await prepareWorkspace(folder, base, options.caller);
  const environment = join(folder, 'environment');
  const {
    PATH = '',
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: token = '',
    ...steps
  } = { ...local.stepEnvironment, ...options.env };
  await writeVariables(environment, steps);

  const variables = {
    GOOGLE_CLOUD_PROJECT: steps.GOOGLE_CLOUD_PROJECT,
    WORKLOAD_IDENTITY_PROVIDER: steps.GANGWAY_WORKLOAD_IDENTITY_PROVIDER,
    DEPLOY_SERVICE_ACCOUNT: steps.GANGWAY_SERVICE_ACCOUNT,
    GATEWAY_SERVICE_ACCOUNT: steps.GANGWAY_GATEWAY_SERVICE_ACCOUNT,
    ...options.variables,
  };
  const tokenFile = join(folder, 'tokens');
  await writeVariables(tokenFile, requestTokens(local.cloud, token, workflows));
  const secretFile = join(folder, 'secrets');
  await writeVariables(secretFile, secrets);
  const eventFile = join(folder, 'event.json');
  if (event) await writeFile(eventFile, JSON.stringify(event.payload));
  const args = [
    ...(event ? [event.name, '--eventpath', eventFile] : ['workflow_dispatch']),
    ...['--workflows', '.github/workflows/deploy.yml', '--json', '--rm'],
    ...[
      '--platform',
      'ubuntu-latest=-self-hosted',
      '--pull=false',
      '--action-offline-mode',
      '--no-cache-server',
    ],
    // An empty token keeps act from asking gh for the person's own.
    ...(secrets.GITHUB_TOKEN ? [] : ['--secret', 'GITHUB_TOKEN=']),
    ...['--secret-file', secretFile, '--env-file', environment],
    ...Object.entries(variables).flatMap(([name, value]) => ['--var', `${name}=${value}`]),
    ...['--var-file', tokenFile],
    ...repositories.flatMap((mapping) => ['--local-repository', mapping]),
  ];
  const home = join(folder, 'home');
  await mkdir(home);
  // act runs the `node` that is first on PATH, whatever an action asks for; its own folders go below HOME.
  const env = {
    PATH: [dirname(process.execPath), PATH].join(delimiter),
    HOME: home,
    XDG_CACHE_HOME: join(home, '.cache'),
  };
  return watch(spawn(act, args, { cwd: caller, env, stdio: ['ignore', 'pipe', 'pipe'] }), onEvent, signal);
}

/** A file that act reads, for its owner alone. */
async function writeVariables(file: string, variables: Readonly<Record<string, string>>): Promise<void> {
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${JSON.stringify(value)}\n`);
  await writeFile(file, lines.join(''), { mode: 0o600 });
}

async function watch(
  child: ReturnType<typeof spawn>,
  onEvent: (event: ActEvent) => void,
  signal: AbortSignal | undefined,
): Promise<ActRun> {
  const outputs: Record<string, Record<string, string>> = {};
  const jobResults: string[] = [];
  const cancel = () => child.kill('SIGINT');
  if (signal?.aborted) cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  const ended = new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
  const read = async (stream: NodeJS.ReadableStream | null) => {
    if (!stream) return;
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

/** What act prints before it knows that it should speak JSON is a message all the same. */
function parseEvent(line: string): ActEvent {
  try {
    return JSON.parse(line) as ActEvent;
  } catch {
    return { msg: line };
  }
}
