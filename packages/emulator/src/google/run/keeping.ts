import { timestamp } from '../../kernel/clock.ts';
import type { Output } from './containers/plane.ts';
import type { Context } from './context.ts';
import type { StoredExecution } from './jobs/state.ts';
import type { Execution, Job, Task } from './jobs/types.ts';
import { admissionTo, deploy, direct } from './v2/deployment/deploy.ts';
import { condition } from './v2/state.ts';
import type { Revision, Service } from './v2/types.ts';
import { deploy as deployPool, direct as directPool } from './worker-pools/deploy.ts';
import type { PoolRevision, WorkerPool } from './worker-pools/types.ts';

/** Lines of containers that are kept: all of it is written whenever something changes. */
const KEPT_LINES = 5000;

/** What Cloud Run keeps where the cloud keeps its data. */
interface SavedRun {
  readonly services: readonly {
    readonly resource: Service;
    readonly revisions: ReadonlyMap<string, Revision>;
  }[];
  readonly pools: readonly {
    readonly resource: WorkerPool;
    readonly revisions: ReadonlyMap<string, PoolRevision>;
  }[];
  readonly jobs: readonly {
    readonly resource: Job;
    readonly executions: ReadonlyMap<string, { readonly resource: Execution; readonly tasks: Task[] }>;
  }[];
  /** What containers that are gone have written. */
  readonly output?: readonly Output[];
}

export function saveRun({ run, workerPools, runJobs, containers }: Context): SavedRun {
  return {
    output: containers.kept.slice(-KEPT_LINES),
    services: run.list('').map(({ resource, revisions }) => ({ resource, revisions })),
    pools: workerPools.list('').map(({ resource, revisions }) => ({ resource, revisions })),
    jobs: [...runJobs.jobs.values()].map(({ resource, executions }) => ({
      resource,
      executions: new Map(
        [...executions].map(([name, { resource: execution, tasks }]) => [
          name,
          { resource: execution, tasks },
        ]),
      ),
    })),
  };
}

export function restoreRun(cloud: Context, { services, pools, jobs, output = [] }: SavedRun): void {
  cloud.containers.restore(output);
  const { run, workerPools, runJobs } = cloud;
  for (const { resource, revisions } of services) {
    const stored = run.add(resource);
    for (const [name, revision] of revisions) stored.revisions.set(name, revision);
  }
  for (const { resource, revisions } of pools)
    workerPools.pools.set(resource.name, {
      resource,
      revisions: new Map(revisions),
      queue: Promise.resolve(),
    });
  for (const { resource, executions } of jobs) {
    const stored = [...executions].map(([name, { resource: execution, tasks }]) => {
      if (execution.completionTime === undefined) interrupt(execution, cloud);
      const cancelling = new AbortController();
      const one: StoredExecution = { resource: execution, tasks, cancelling, done: Promise.resolve() };
      return [name, one] as const;
    });
    runJobs.jobs.set(resource.name, { resource, executions: new Map(stored) });
  }
}

/** An execution whose containers ended with the cloud has failed. */
function interrupt(execution: Execution, { clock }: Context): void {
  const now = clock.now();
  const message = 'The local cloud was stopped while the execution was running.';
  execution.failedCount = (execution.failedCount ?? 0) + (execution.runningCount ?? 0);
  execution.runningCount = 0;
  execution.completionTime = timestamp(now);
  execution.reconciling = false;
  execution.conditions = [condition('Completed', 'CONDITION_FAILED', now, { message })];
}

/** Starts the containers again of what serves, at the addresses that it had; what was being deployed goes on. */
export async function resumeRun(cloud: Context, notice: (line: string) => void): Promise<void> {
  await cloud.containers.clear();
  const services = cloud.run.list('').map(async (stored) => {
    const { resource } = stored;
    const uri = await cloud.containers.open(resource.name, admissionTo(stored, cloud));
    Object.assign(resource, { uri, urls: [uri] });
    const written = { revision: resource.latestCreatedRevision, generation: resource.generation };
    return settled(resource, notice, () =>
      resource.reconciling ? deploy(stored, cloud, written) : direct(stored, cloud),
    );
  });
  const pools = cloud.workerPools.list('').map((stored) => {
    const { resource } = stored;
    const written = { revision: resource.latestCreatedRevision, generation: resource.generation };
    return settled(resource, notice, () =>
      resource.reconciling ? deployPool(stored, cloud, written) : directPool(stored, cloud),
    );
  });
  await Promise.all([...services, ...pools]);
}

async function settled(
  { name }: { readonly name: string },
  notice: (line: string) => void,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    notice(`${name} does not come up again: ${(error as Error).message}`);
  }
}
