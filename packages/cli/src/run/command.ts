import { resolve } from 'node:path';
import { engineThere, find } from '@gangway/engine';
import { Command } from 'commander';
import { readPort } from '../cloud/options.ts';
import { order } from '../cloud/process/control.ts';
import { leaseCloud } from '../cloud/process/lease.ts';
import { placeOf, recordOf } from '../cloud/process/place.ts';
import { refuseTaken } from '../cloud/process/start.ts';
import { Misuse } from '../misuse.ts';
import type { End, Status } from '../status.ts';
import { actThere, findAct, GET_ACT } from './act.ts';
import { actionFolders, fetchAction } from './bundles.ts';
import { eventOf } from './given/event.ts';
import { namedIn } from './given/named.ts';
import { givenValues } from './given/values.ts';
import { report } from './report.ts';
import { openRepository } from './repository.ts';
import { carryOut, type Plan } from './run.ts';
import { suiteFolder } from './suite.ts';
import { reach } from './uses.ts';
import { watchFolder } from './watch.ts';
import { findWorkflow, jobsOf } from './workflow.ts';

export interface RunFlags {
  readonly event?: string;
  readonly job?: string;
  readonly input: Readonly<Record<string, string>>;
  readonly var: Readonly<Record<string, string>>;
  readonly secret: readonly string[];
  readonly varFile?: string;
  readonly secretFile?: string;
  readonly actions: readonly string[];
  readonly skip: readonly string[];
  readonly fetch?: true;
  readonly keep?: true;
  readonly watch?: true;
  readonly verbose?: true;
  readonly port: number;
}

/** `gangway run`. */
export function runCommand(end: End): Command {
  return new Command('run')
    .description('Run a workflow of this repository on this machine, offline, against the local cloud.')
    .argument(
      '[workflow]',
      'a file of .github/workflows, its name, or the name in it (default: the one that deploys)',
    )
    .option(
      '-e, --event <name>',
      'what starts it: push, workflow_dispatch, pull_request … (default: the first of these that does)',
    )
    .option('-j, --job <id>', 'only this job and those that it needs')
    .option('-i, --input <name=value>', 'an input of workflow_dispatch; repeatable', pair, {})
    .option('--var <name=value>', 'a variable; repeatable. More come from .vars or --var-file', pair, {})
    .option('--var-file <file>', 'variables, as NAME=VALUE lines')
    .option('--secret <name>', 'a secret, which is read from the environment; repeatable', several, [])
    .option('--secret-file <file>', 'secrets, as NAME=VALUE lines (default: .secrets)')
    .option(
      '--actions <folder>',
      "a folder with the actions of others: OWNER/NAME, or a runner's _actions; repeatable",
      several,
      [],
    )
    .option('--fetch', 'fetch actions that are not on this machine from GitHub, once')
    .option('--skip <owner/name>', 'leave an action out; repeatable', several, [])
    .option('-k, --keep', 'leave what was deployed running, until gangway down')
    .option('-w, --watch', 'run again when a file changes, until Control-C')
    .option('-v, --verbose', 'print everything that steps print')
    .option('-p, --port <port>', 'port of the local cloud; 0 takes a free one', readPort, 0)
    .addHelpText(
      'after',
      `
The repository is copied as it is here, with what is not committed. gangway-dev/gangway at any reference is this
version. actions/checkout checks the copy out. Actions of others run from a folder of --actions, from where a
runner or act keeps them, or from what --fetch fetched; for some that need GitHub's services, such as
actions/cache, another stands in and says so.

Variables and secrets that the workflow names and nobody gives are made up, and shown. Service accounts,
workload identity providers, repositories and projects that it names are made, and the apps of fly.toml.

Exit status: 0 the workflow succeeded, 1 it failed, 2 it could not start.

Examples:
  gangway run
  gangway run deploy --event push --keep
  gangway run release --input environment=staging --job deploy
  gangway run --var REGION=europe-west1 --secret API_TOKEN --watch`,
    )
    .action(async (asked: string | undefined, flags: RunFlags) => end(await runWorkflow(asked, flags)));
}

/** Runs a workflow of the repository here, again and again where it is watched. */
async function runWorkflow(asked: string | undefined, flags: RunFlags): Promise<Status> {
  const repository = await openRepository(process.cwd());
  const plan = async (): Promise<Omit<Plan, 'act'>> => {
    const workflow = await findWorkflow(repository.folder, asked);
    const event = eventOf(workflow, flags.event, flags.input, repository);
    const jobs = jobsOf(workflow, flags.job);
    const suite = suiteFolder();
    const places = {
      folder: repository.folder,
      suite,
      actions: await actionFolders(flags.actions.map((folder) => resolve(folder))),
      skipped: flags.skip,
    };
    let reached = reach(workflow.path, workflow.text, jobs, places);
    if (flags.fetch) {
      for (let round = 0; round < 5 && reached.missing.length > 0; round += 1) {
        for (const { repository: name, reference } of reached.missing) await fetchAction(name, reference);
        reached = reach(workflow.path, workflow.text, jobs, places);
      }
    }
    const given = givenValues(repository.folder, flags);
    return {
      repository,
      workflow,
      job: flags.job,
      event,
      reached,
      given,
      suite,
      verbose: flags.verbose === true,
    };
  };
  return follow(plan, flags);
}

/** Runs what is planned: once, or whenever the repository changes. */
export async function follow(
  plan: () => Promise<Omit<Plan, 'act'>>,
  flags: Pick<RunFlags, 'keep' | 'watch' | 'port'>,
): Promise<Status> {
  const first = await plan();
  await refuse(first, flags.port);
  const act = await findAct((line) => console.error(line));
  const place = placeOf(first.repository.folder);
  const aborting = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => aborting.abort());
  const { signal } = aborting;
  const [project] = namedIn([...first.reached.own.values()], {}).projects;
  const lease = await leaseCloud(
    place,
    {
      port: flags.port,
      project: project ?? 'demo-project',
      ...numberIn([...first.reached.own.values()]),
      repository: first.repository.name,
      operationTime: 0,
      seed: {},
    },
    (line) => console.error(line),
  );
  try {
    let next = first;
    for (;;) {
      const status = await once({ ...next, act }, place, signal);
      if (!flags.watch || signal.aborted) {
        if (flags.keep) await lease.keep();
        ending(lease.isNew, flags.keep === true);
        return signal.aborted ? 130 : status;
      }
      console.log('\nWaiting for a change. Press Control-C to stop.');
      for (;;) {
        await watchFolder(first.repository.folder, signal);
        if (signal.aborted) break;
        try {
          next = await plan();
          if (next.reached.problems.length === 0) break;
          console.error(next.reached.problems.join('\n'));
        } catch (error) {
          if (!(error instanceof Misuse)) throw error;
          console.error(`error: ${error.message}`);
        }
      }
      if (signal.aborted) {
        if (flags.keep) await lease.keep();
        return 0;
      }
      console.log('');
    }
  } finally {
    await lease.release();
  }
}

async function once(plan: Plan, place: Parameters<typeof carryOut>[1], signal: AbortSignal): Promise<Status> {
  const started = performance.now();
  const { repository, workflow, event } = plan;
  console.log(`${workflow.path} of ${repository.name} on ${event.name} (${repository.branch})`);
  const standing = [...plan.reached.others].flatMap(([name, { standIns }]) =>
    [...standIns.values()].map(({ does }) => `  ${name.split('@')[0]}: ${does}`),
  );
  for (const line of new Set(standing)) console.log(line);
  const { succeeded } = await carryOut(plan, place, signal);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (signal.aborted) return 130;
  if (succeeded) await report(await order(place, 'resources', {}));
  console.log(`\n${succeeded ? 'Succeeded' : 'Failed'} after ${seconds} s.`);
  return succeeded ? 0 : 1;
}

function ending(isNew: boolean, kept: boolean): void {
  if (!isNew || kept) console.log('It keeps running: gangway status shows it, gangway down stops it.');
  else console.log('Everything stops now. Use --keep to leave it running.');
}

/** Everything that is in the way, at once, before anything starts. @throws Misuse */
async function refuse({ reached, repository }: Omit<Plan, 'act'>, port: number): Promise<void> {
  const problems = [...reached.problems];
  if (!(await actThere()) && find('go').length === 0)
    problems.push(`There is no act, which runs workflows on this machine. ${GET_ACT}`);
  const { host, version, startable } = await engineThere();
  if (!version && !startable)
    problems.push(
      process.env.DOCKER_HOST
        ? `No Docker engine answers at DOCKER_HOST=${host}: start it, or unset DOCKER_HOST.`
        : `No Docker engine answers at ${host}, which builds and runs containers. Install and start Docker (https://docs.docker.com/engine/install/), or set DOCKER_HOST to one that runs.`,
    );
  if (!recordOf(placeOf(repository.folder)))
    await refuseTaken(port).catch((error: Error) => problems.push(error.message));
  if (problems.length > 0) throw new Misuse(problems.join('\n       '));
}

/** The number of the project that providers are named by. */
function numberIn(texts: readonly string[]): { projectNumber?: string } {
  const [, number] =
    /\bprojects\/(\d+)\/locations\/global\/workloadIdentityPools\//.exec(texts.join('\n')) ?? [];
  return number ? { projectNumber: number } : {};
}

function pair(text: string, before: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const [, name, value = ''] = /^([^=\s]+)=(.*)$/s.exec(text) ?? [];
  if (!name) throw new Misuse(`"${text}" is not NAME=VALUE.`);
  return { ...before, [name]: value };
}

function several(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}
