import { readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { environmentsIn, requestTokensBy, runAct, writeVariables } from '@gangway/act';
import { order } from '../cloud/process/control.ts';
import { type Place, scratch } from '../cloud/process/place.ts';
import type { Event } from './given/event.ts';
import { environmentValues, type Named, namedIn } from './given/named.ts';
import { type GivenValues, type Values, withMadeUp } from './given/values.ts';
import { layOut, makeHome, ownForAct, ownMapping } from './layout.ts';
import { Printer } from './print.ts';
import { copyRepository, type Repository, textsIn } from './repository.ts';
import { makeShims } from './shims/shims.ts';
import type { Reached } from './uses.ts';
import type { Workflow } from './workflow.ts';

/** A run that is ready to start. */
export interface Plan {
  readonly repository: Repository;
  readonly workflow: Workflow;
  readonly job: string | undefined;
  readonly event: Event;
  readonly reached: Reached;
  readonly given: GivenValues;
  readonly suite: string;
  readonly act: string;
  readonly verbose: boolean;
  /** Further files of the repository's, for this run. */
  readonly files?: Readonly<Record<string, string>>;
}

export interface Outcome {
  readonly succeeded: boolean;
  readonly outputs: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const REGION = 'us-central1';
/** What flyctl reads an app's name from, by Git's patterns. */
const FLY_CONFIGS = ['toml', 'json', 'yaml', 'yml'].flatMap((kind) => [`fly*.${kind}`, `**/fly*.${kind}`]);
/** What GitHub's hosted runners are called. */
const USUAL_LABELS = [
  'ubuntu-latest',
  'ubuntu-24.04',
  'ubuntu-22.04',
  'ubuntu-slim',
  'self-hosted',
  'linux',
  'x64',
];
/** What a step sees of this machine's environment: how to reach package registries, and the language. */
const PASSED =
  /^(?:https?_proxy|no_proxy|lang|lc_\w+|tz|ssl_cert_\w+|pip_\w+|uv_\w+|npm_config_\w+|goproxy|gosumdb|gonosumdb|requests_ca_bundle|node_extra_ca_certs)$/i;

/** Runs a workflow against the local cloud of a place. */
export async function carryOut(plan: Plan, place: Place, signal: AbortSignal): Promise<Outcome> {
  const { repository, workflow, reached, suite, event, verbose } = plan;
  const folder = scratch(place, 'run-');
  try {
    const environment = await order(place, 'environment', {});
    const own = [...reached.own.values()];
    const values = await valuesFor(plan, place, environment);
    say(values);
    const copy = join(folder, 'repository');
    const { files, namesItself } = ownForAct(reached.own, repository.name);
    await copyRepository(repository, copy, { ...plan.files, ...files });
    const configs = await textsIn(copy, FLY_CONFIGS);
    await plantNamed(namedIn(own, expressions(values, own, environment), configs), place);
    const mappings = await layOut(folder, suite, reached);
    if (namesItself) mappings.push(ownMapping(repository.name, copy));

    const {
      PATH = process.env.PATH ?? '',
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: _,
      ...steps
    } = withoutOwners(environment);
    const artifacts = join(folder, 'artifacts');
    await mkdir(artifacts);
    const origin = environment.GANGWAY_ORIGIN ?? '';
    const environmentFile = join(folder, 'environment');
    await writeVariables(environmentFile, {
      ...passedOn(),
      ...steps,
      GANGWAY_ARTIFACTS: artifacts,
      // By these google-github-actions/auth finds Google's token services.
      GHA_ENDPOINT_OVERRIDE_sts: `${origin}/v1`,
      GHA_ENDPOINT_OVERRIDE_iamcredentials: `${origin}/v1`,
    });
    const tokens = await order(place, 'request-tokens', {
      claims: event.claims,
      environments: environmentsIn(reached.texts.filter((text) => /^(jobs|runs):/m.test(text))),
    });
    const variableFile = join(folder, 'variables');
    await writeVariables(variableFile, { ...values.variables, ...requestTokensBy(tokens) });
    const secretFile = join(folder, 'secrets');
    await writeVariables(secretFile, values.secrets);
    const eventFile = join(folder, 'event.json');
    await writeFile(eventFile, JSON.stringify(event.payload));
    const home = await makeHome(folder);
    const printer = new Printer(verbose);
    const labels = new Set([...USUAL_LABELS, ...reached.labels]);
    const { exitCode, jobResults, outputs } = await runAct({
      act: plan.act,
      directory: copy,
      args: [
        ...[event.name, '--eventpath', eventFile, '--workflows', workflow.path],
        ...(plan.job === undefined ? [] : ['--job', plan.job]),
        ...[...labels].flatMap((label) => ['--platform', `${label}=-self-hosted`]),
        ...['--secret-file', secretFile, '--var-file', variableFile, '--env-file', environmentFile],
        ...mappings.flatMap((mapping) => ['--local-repository', mapping]),
      ],
      env: {
        // act runs the `node` that is first on PATH, whatever an action asks for; its own folders go below HOME.
        PATH: [await makeShims(folder, PATH), dirname(process.execPath), PATH].join(delimiter),
        HOME: home,
        XDG_CACHE_HOME: join(home, '.cache'),
      },
      onEvent: (one) => printer.event(one),
      signal,
    });
    const failed = jobResults.filter((result) => result === 'failure').length;
    const succeeded = exitCode === 0 && failed === 0;
    if (!succeeded && !signal.aborted) for (const line of printer.errors) console.error(`act: ${line}`);
    if (succeeded && jobResults.length === 0)
      console.log('No job ran: the conditions of all jobs are false for this event, branch and repository.');
    return { succeeded, outputs };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What a job must not have: it would act as the owner of the project. */
function withoutOwners(environment: Readonly<Record<string, string>>): Record<string, string> {
  const owners = ['CLOUDSDK_AUTH_ACCESS_TOKEN_FILE', 'GANGWAY_FLY_TOKEN_FILE', 'FLY_CONFIG_DIR'];
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !owners.includes(name)));
}

function passedOn(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value !== undefined && PASSED.test(name) ? [[name, value]] : [],
    ),
  );
}

async function valuesFor(
  { reached, given, repository }: Plan,
  place: Place,
  environment: Readonly<Record<string, string>>,
): Promise<Values> {
  const { projectNumber, project } = await order(place, 'status', {});
  return withMadeUp(given, [...reached.own.values()], {
    project,
    projectNumber,
    provider: environment.GANGWAY_WORKLOAD_IDENTITY_PROVIDER ?? '',
    deployer: environment.GANGWAY_SERVICE_ACCOUNT ?? '',
    runtime: `${projectNumber}-compute@developer.gserviceaccount.com`,
    gateway: environment.GANGWAY_GATEWAY_SERVICE_ACCOUNT ?? '',
    region: REGION,
    registry: 'apis',
    name: (repository.name.split('/')[1] ?? 'app').toLowerCase().replaceAll(/[^a-z0-9-]+/g, '-'),
    githubToken: environment.GANGWAY_GITHUB_TOKEN ?? '',
    flyToken: readFileSync(environment.GANGWAY_FLY_TOKEN_FILE ?? '', 'utf8'),
    keyFile: async () => (await order(place, 'account-key', {})).key,
  });
}

/** What expressions stand for, as far as it is known before the run. */
function expressions(
  { variables, secrets }: Values,
  own: readonly string[],
  environment: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const of = (kind: string, all: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(all).map(([name, value]) => [`${kind}.${name}`, value]));
  return {
    'env.GOOGLE_CLOUD_PROJECT': environment.GOOGLE_CLOUD_PROJECT ?? '',
    ...Object.assign({}, ...own.map(environmentValues)),
    ...of('vars', variables),
    ...of('secrets', secrets),
  };
}

async function plantNamed(named: Named, place: Place): Promise<void> {
  const { accounts, repositories, providers, projects, fly_apps } = await order(place, 'seed', named);
  const made = [
    ...projects.map((id) => `the project ${id}`),
    ...accounts.map((email) => `the service account ${email}`),
    ...providers.map((name) => `the provider ${name}`),
    ...repositories.map((name) => `the repository ${name.split('/').at(-1)}`),
    ...fly_apps.map((name) => `the Fly.io app ${name}`),
  ];
  if (made.length > 0)
    console.log(`Created, because the workflow names them:\n${made.map((one) => `  ${one}`).join('\n')}`);
}

function say({ madeUp }: Values): void {
  if (madeUp.length === 0) return;
  const width = Math.max(...madeUp.map(({ name }) => name.length));
  console.log('Made up, because no --var, --secret, .vars or .secrets provides them:');
  for (const { name, value } of madeUp) console.log(`  ${name.padEnd(width)}  ${value}`);
}
