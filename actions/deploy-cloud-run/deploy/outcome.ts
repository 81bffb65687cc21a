import { log, type Stopwatch } from '@gangway/action';
import { setInvokers } from '../api/invokers.ts';
import { mainIndex } from '../api/main-container.ts';
import type { Place } from '../api/place.ts';
import type { Container, Execution, Service } from '../api/resources.ts';
import type { Inputs } from '../inputs.ts';
import type { Change } from '../plan/diff.ts';
import { idOf, lines } from '../plan/traffic.ts';
import { executeJob } from './execute.ts';
import { deployJob } from './job.ts';
import { deployService } from './service.ts';

/** What a step has done, for its outputs and its summary. */
export interface Outcome {
  readonly url: string;
  readonly revision: string;
  readonly previousRevision: string;
  readonly tagUrl: string;
  /** Id of the execution. */
  readonly execution: string;
  readonly changed: boolean;
  readonly change: 'created' | 'updated' | 'none' | 'validated';
  readonly changes: readonly Change[];
  readonly invokersChanged: boolean;
  readonly image: string;
  readonly before: Service | undefined;
  readonly service: Service | undefined;
  readonly ran: Execution | undefined;
}

/** Brings a service or a job to what is wanted, its invokers too, and runs the job where that is asked for. */
export async function deployAll(
  place: Place,
  image: string | undefined,
  inputs: Inputs,
  watch: Stopwatch,
): Promise<Outcome> {
  return inputs.kind === 'service'
    ? serviceOutcome(place, image, inputs, watch)
    : jobOutcome(place, image, inputs, watch);
}

async function serviceOutcome(
  place: Place,
  image: string | undefined,
  inputs: Inputs,
  watch: Stopwatch,
): Promise<Outcome> {
  const result = await watch.time('revision', () => deployService(place, image, inputs));
  const { before, service, change, changes } = result;
  const invokersChanged = await bindInvokers(place, inputs, watch);
  const revision = idOf(service.latestReadyRevision);
  const { tag } = inputs.traffic;
  const url = service.uri ?? '';
  if (change !== 'validated') tell(inputs, service, url, revision);
  return {
    ...{ url, revision, change, changes, before, service, invokersChanged, ran: undefined, execution: '' },
    previousRevision: idOf(before?.latestReadyRevision),
    tagUrl: service.trafficStatuses?.find((status) => tag && status.tag === tag)?.uri ?? '',
    changed: (change !== 'none' && change !== 'validated') || invokersChanged,
    image: imageOf(service.template?.containers) ?? image ?? '',
  };
}

async function jobOutcome(
  place: Place,
  image: string | undefined,
  inputs: Inputs,
  watch: Stopwatch,
): Promise<Outcome> {
  const { job, change, changes } = await watch.time('job', () => deployJob(place, image, inputs));
  const invokersChanged = await bindInvokers(place, inputs, watch);
  const runs = inputs.job.execute && !inputs.dryRun;
  const ran = runs ? await watch.time('execution', () => executeJob(place, inputs)) : undefined;
  return {
    ...{ url: '', revision: '', previousRevision: '', tagUrl: '', before: undefined, service: undefined },
    ...{ change, changes, invokersChanged, ran, execution: idOf(ran?.name) },
    changed: (change !== 'none' && change !== 'validated') || invokersChanged,
    image: imageOf(job.template?.template?.containers) ?? image ?? '',
  };
}

async function bindInvokers({ cloud, path }: Place, inputs: Inputs, watch: Stopwatch): Promise<boolean> {
  const { invokers, dryRun } = inputs;
  if (invokers === undefined || dryRun) return false;
  return watch.time('invokers', () => setInvokers(cloud, path, invokers));
}

function tell({ name, traffic }: Inputs, service: Service, url: string, revision: string): void {
  const serving = service.trafficStatuses ?? [];
  const gets = serving.some(
    ({ type, revision: id, percent = 0 }) => percent > 0 && (type?.endsWith('LATEST') || id === revision),
  );
  log.info(`${name} serves at ${url}: ${lines(serving).join(', ').replaceAll('latest', revision)}.`);
  if (gets || traffic.split || !revision) return;
  log.warning(
    `The latest revision of ${name}, ${revision}, gets no requests: its traffic is pinned to ${lines(serving).join(', ')}. Set traffic: 100 to give it all.`,
  );
}

function imageOf(containers: readonly Container[] = []): string | undefined {
  return containers[mainIndex(containers)]?.image;
}
