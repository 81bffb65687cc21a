import { setTimeout as sleep } from 'node:timers/promises';
import { ActionError, cancellation, log, seconds } from '@gangway/action';
import type { GoogleError } from '@gangway/google-cloud';
import type { Reader } from '@gangway/http';
import { REVISION, SERVICE } from '../api/answers.ts';
import { overtaken } from '../api/overtaken.ts';
import { whoWrote } from '../api/own.ts';
import { find, isSettled, type Place } from '../api/place.ts';
import type { Service } from '../api/resources.ts';
import type { Inputs } from '../inputs.ts';
import { isReady } from '../plan/service-plan.ts';
import { idOf } from '../plan/traffic/targets.ts';
import { notReady } from './failure.ts';

/** What has revisions. */
type Owner = Pick<
  Service,
  | 'latestCreatedRevision'
  | 'latestReadyRevision'
  | 'terminalCondition'
  | 'reconciling'
  | 'lastModifier'
  | 'client'
  | 'clientVersion'
>;

/** How long a revision that another has followed may be without a verdict once nothing is under way anymore. */
const PATIENCE = 20_000;

/**
 * Waits until the revision that this run made has come up, whatever others have made of the service since.
 *
 * @param id the revision's
 * @param ended what the rollout's operation failed with: about the service, and perhaps about another's revision
 * @param answer reads the service, or the worker pool
 * @returns it as it is then
 * @throws ActionError `not-ready` with the revision's reason, or `overtaken` when another followed before it came up
 */
export async function ownRevision<T extends Owner = Service>(
  place: Place,
  id: string,
  ended: GoogleError | undefined,
  inputs: Inputs,
  // A caller that names another type gives its reader too.
  answer: Reader<T> = SERVICE as unknown as Reader<T>,
): Promise<T> {
  const { cloud, path } = place;
  const start = performance.now();
  let quietSince: number | undefined;
  for (let told = false; ; ) {
    const service = await cloud.request({ service: 'run', method: 'GET', path, answer });
    const isLatest = idOf(service.latestCreatedRevision) === id;
    const settled = isSettled(service);
    if (isLatest && settled && isReady(service)) return service;
    if (isLatest && settled) throw await notReady(place, service, id, inputs, ended);
    // While it is the latest, the service says all of it, also to who may not look at revisions.
    const revision = isLatest ? undefined : await find(cloud, `${path}/revisions/${id}`, REVISION);
    const state = revision?.conditions?.find(({ type }) => type === 'Ready')?.state;
    if (state === 'CONDITION_FAILED') throw await notReady(place, service, id, inputs, ended);
    if (!isLatest && !told) {
      log.info(`${inputs.name} was deployed by ${whoWrote(service)} since; looking at ${id}…`);
      told = true;
    }
    if (state === 'CONDITION_SUCCEEDED') return service;
    if (!isLatest && !revision && ended) throw ended;
    quietSince = settled ? (quietSince ?? performance.now()) : undefined;
    if (!isLatest && quietSince !== undefined && performance.now() - quietSince > PATIENCE)
      throw overtaken(
        `${id} never came up: ${whoWrote(service)} deployed ${idOf(service.latestCreatedRevision)} before it did.`,
      );
    if (performance.now() - start > inputs.timeout) throw tooLong(id, inputs);
    await sleep(500, undefined, { signal: cancellation });
  }
}

/** A service that is there. */
export async function serviceAt({ cloud, path }: Place): Promise<Service> {
  return cloud.request({ service: 'run', method: 'GET', path, answer: SERVICE });
}

function tooLong(id: string, { timeout }: Inputs): ActionError {
  return new ActionError(`The revision ${id} did not come up within ${seconds(timeout)}.`, {
    code: 'timeout',
    hint: 'look at it in the console, and run the job again once it has; or raise "timeout"',
  });
}
