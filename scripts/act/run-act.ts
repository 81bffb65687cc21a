import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { type ActEvent, type ActRun, requestTokens, runAct as start, writeVariables } from '@gangway/act';
import type { LocalCloud } from '../local-cloud.ts';
import { type Caller, prepareWorkspace } from './workspace.ts';

export type { ActEvent, ActRun } from '@gangway/act';

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
  await writeVariables(environment, { GANGWAY_ARTIFACTS: join(folder, 'artifacts'), ...steps });

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
    ...['--workflows', '.github/workflows/deploy.yml', '--platform', 'ubuntu-latest=-self-hosted'],
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
  return start({ act, args, directory: caller, env, onEvent, signal });
}
