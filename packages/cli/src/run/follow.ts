import { resolve } from 'node:path';
import { engineThere, find } from '@gangway/engine';
import { order } from '../cloud/process/control.ts';
import { leaseCloud } from '../cloud/process/lease.ts';
import { placeOf, recordOf } from '../cloud/process/place.ts';
import { refuseTaken } from '../cloud/process/start.ts';
import { Misuse } from '../misuse.ts';
import type { Status } from '../status.ts';
import { actThere, findAct, GET_ACT } from './act.ts';
import { actionFolders, fetchAction } from './bundles.ts';
import type { RunFlags } from './flags.ts';
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

/** Runs a workflow of the repository here, again and again where it is watched. */
export async function runWorkflow(asked: string | undefined, flags: RunFlags): Promise<Status> {
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
        if (flags.keep) await order(place, 'keep', {});
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
        if (flags.keep) await order(place, 'keep', {});
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
