import { log, type Stopwatch } from '@gangway/action';
import type { Change } from '@gangway/settings';
import { mainIndex } from '../api/main-container.ts';
import { whoWrote } from '../api/own.ts';
import type { Place } from '../api/place.ts';
import type { Container, Execution, Service } from '../api/resources.ts';
import type { Inputs } from '../inputs.ts';
import { idOf, lines } from '../plan/traffic/targets.ts';
import { bindInvokers } from './bind.ts';
import { deployJob } from './job.ts';
import { deployService } from './service.ts';
import { urlsOf } from './urls.ts';
import { deployWorkerPool } from './worker-pool.ts';

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

/** Brings a service, a job or a worker pool to what is wanted, its invokers too, and runs the job where that is asked for. */
export async function deployAll(
  place: Place,
  image: string | undefined,
  inputs: Inputs,
  watch: Stopwatch,
): Promise<Outcome> {
  if (inputs.kind === 'workerPool') return poolOutcome(place, image, inputs, watch);
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
  const bind = () => bindInvokers(place, inputs, watch);
  const result = await deployService(place, image, inputs, watch, bind);
  const { before, service, revision, change, changes, invokersChanged } = result;
  const { url, tagUrl } = urlsOf(service, inputs.preview?.tag ?? inputs.traffic.tag);
  if (change !== 'validated') tell(inputs, service, url, revision);
  return {
    ...{ revision, change, changes, before, service, invokersChanged, ran: undefined, execution: '' },
    ...{ url, tagUrl },
    previousRevision: idOf(before?.latestReadyRevision),
    changed: (change !== 'none' && change !== 'validated') || invokersChanged,
    image: imageOf(result.template?.containers) ?? image ?? '',
  };
}

async function jobOutcome(
  place: Place,
  image: string | undefined,
  inputs: Inputs,
  watch: Stopwatch,
): Promise<Outcome> {
  const bind = () => bindInvokers(place, inputs, watch);
  const result = await deployJob(place, image, inputs, watch, bind);
  const { job, change, changes, invokersChanged, ran } = result;
  return {
    ...{ url: '', revision: '', previousRevision: '', tagUrl: '' },
    ...{ before: undefined, service: undefined },
    ...{ change, changes, invokersChanged, ran, execution: idOf(ran?.name) },
    changed: (change !== 'none' && change !== 'validated') || invokersChanged,
    image: imageOf(job.template?.template?.containers) ?? image ?? '',
  };
}

async function poolOutcome(
  place: Place,
  image: string | undefined,
  inputs: Inputs,
  watch: Stopwatch,
): Promise<Outcome> {
  const { before, pool, plan, change } = await deployWorkerPool(place, image, inputs, watch);
  const isMade = plan.makesRevision && change !== 'validated';
  return {
    ...{ url: '', tagUrl: '', execution: '', ran: undefined, before: undefined, service: undefined },
    ...{ change, changes: plan.changes, invokersChanged: false },
    revision: isMade ? plan.revision : idOf(pool.latestReadyRevision),
    previousRevision: idOf(before?.latestReadyRevision),
    changed: change === 'created' || change === 'updated',
    image: imageOf(plan.template.containers) ?? image ?? '',
  };
}

function tell({ name, traffic, preview }: Inputs, service: Service, url: string, revision: string): void {
  const serving = service.trafficStatuses ?? [];
  const latest = idOf(service.latestCreatedRevision);
  const isLatest = latest === revision || idOf(service.latestReadyRevision) === revision;
  const said = lines(serving).join(', ').replaceAll('latest', idOf(service.latestReadyRevision));
  log.info(`${name} serves at ${url}: ${said}.`);
  if (!isLatest)
    log.warning(
      `${revision} is up, but ${whoWrote(service)} deployed ${latest} at the same time; traffic that follows the latest revision goes there. Give the workflow a concurrency group.`,
    );
  const gets = serving.some(
    ({ type, revision: id, percent = 0 }) => percent > 0 && (type?.endsWith('LATEST') || id === revision),
  );
  if (gets || traffic.split || preview || !revision) return;
  log.warning(
    `The latest revision of ${name}, ${revision}, gets no requests: its traffic is pinned to ${lines(serving).join(', ')}. Set traffic: 100 to give it all.`,
  );
}

function imageOf(containers: readonly Container[] = []): string | undefined {
  return containers[mainIndex(containers)]?.image;
}
