import { setTimeout as sleep } from 'node:timers/promises';
import { ActionError, cancellation, log, seconds } from '@gangway/action';
import {
  type GoogleCloud,
  GoogleError,
  isGoogleError,
  OPERATION,
  type Operation,
  waitForOperation,
} from '@gangway/google-cloud';
import { fields, flag, object, type Reader, text } from '@gangway/http';
import type { Inputs } from '../inputs.ts';
import { CONDITION } from './answers.ts';
import { Overtaken } from './overtaken.ts';
import { newMark } from './own.ts';
import type { Service } from './resources.ts';

/** A service or job of Cloud Run by its place. */
export interface Place {
  readonly cloud: GoogleCloud;
  readonly projectId: string;
  /** The account that deploys, where the credentials are one's. */
  readonly account: string | undefined;
  /** `v2/projects/…/locations/…/services`, or `jobs`. */
  readonly parent: string;
  /** The parent and the name. */
  readonly path: string;
}

export function placeOf(
  {
    cloud,
    projectId,
    actor,
  }: Pick<Place, 'cloud' | 'projectId'> & { actor: { serviceAccount?: string | undefined } },
  { region, kind, name }: Inputs,
): Place {
  const parent = `v2/projects/${projectId}/locations/${region}/${kind}s`;
  return { cloud, projectId, account: actor.serviceAccount, parent, path: `${parent}/${name}` };
}

/** What operations of Cloud Run end with: what was written is read again. */
export const ROLLOUT = { service: 'run', version: 'v2', response: object } as const;

/** What services and jobs have in common. */
type Written = Pick<
  Service,
  'etag' | 'reconciling' | 'terminalCondition' | 'lastModifier' | 'client' | 'clientVersion'
>;

const WRITTEN = fields<Written>({
  etag: text,
  reconciling: flag,
  terminalCondition: CONDITION,
  lastModifier: text,
  client: text,
  clientVersion: text,
});

/** What is at a path, or undefined. */
export async function find<T>(cloud: GoogleCloud, path: string, answer: Reader<T>): Promise<T | undefined> {
  try {
    return await cloud.request({ service: 'run', method: 'GET', path, answer });
  } catch (error) {
    if (isGoogleError(error, 404)) return undefined;
    throw error;
  }
}

/** Whether Cloud Run is done with what was written last, well or not. */
export function isSettled({ reconciling = false, terminalCondition }: Written): boolean {
  return !reconciling && !/RECONCILING|PENDING/.test(terminalCondition?.state ?? '');
}

/**
 * What is at a path once a rollout that is under way there has ended: one that was cancelled goes on at Google's, and
 * what comes after it must not count it as failed.
 *
 * @throws ActionError `timeout` when it takes too long
 */
export async function findSettled<T extends Written>(
  { cloud, path }: Place,
  { name, timeout }: Inputs,
  answer: Reader<T>,
): Promise<T | undefined> {
  const end = performance.now() + timeout;
  for (let told = false; ; told = true) {
    const found = await find(cloud, path, answer);
    if (!found || isSettled(found)) return found;
    if (performance.now() > end)
      throw new ActionError(`Another rollout of ${name} has not ended within ${seconds(timeout)}.`, {
        code: 'timeout',
        hint: 'look at it in the console, and run the job again once it has ended; or raise "timeout"',
      });
    if (!told) log.info(`A rollout of ${name} is under way; waiting until it has ended…`);
    await sleep(1000, undefined, { signal: cancellation });
  }
}

interface WriteOptions {
  /** What was read before, whose version the write is for; undefined creates it. */
  readonly current: Pick<Written, 'etag'> | undefined;
  /** The fields that are written, for what takes one. */
  readonly mask?: readonly string[];
  readonly dryRun?: boolean;
}

/**
 * Creates something, or changes what is there, and waits until that is done. Every write carries a mark of its own, by
 * which it is known again when its answer was lost.
 *
 * @returns what the operation failed with, or undefined: whether what was written came up is for the caller to find out
 * @throws Overtaken when somebody else made it first, or changed it since it was read; GoogleError when it is refused
 */
export async function write(
  place: Place,
  body: object,
  options: WriteOptions,
  inputs: Inputs,
): Promise<GoogleError | undefined> {
  const { cloud, path } = place;
  const { name, timeout } = inputs;
  const mark = newMark();
  let started: Operation;
  try {
    started = await cloud.request(requestOf(place, { ...body, ...mark }, options, inputs));
  } catch (error) {
    if (!isGoogleError(error, 409)) throw error;
    const now = await find(cloud, path, WRITTEN);
    if (now?.clientVersion === mark.clientVersion) return lostAnswer(place, inputs);
    // The conflict is about something else, such as the name of a revision.
    if (now && options.current && now.etag === options.current.etag) throw error;
    throw new Overtaken(name, now ?? {}, error, options.current ? 'changed' : 'made');
  }
  if (options.dryRun) return undefined;
  try {
    await waitForOperation(cloud, ROLLOUT, started, `rolling out ${name}`, {
      timeout,
      signal: cancellation,
      onProgress: (elapsed) => log.info(`Still rolling out after ${seconds(elapsed)}…`),
    });
  } catch (error) {
    if (error instanceof GoogleError && error.message.startsWith('Rolling out')) return error;
    throw error;
  }
  return undefined;
}

function requestOf(
  { parent, path }: Place,
  body: object,
  { current, mask, dryRun = false }: WriteOptions,
  { kind, name }: Inputs,
) {
  const validateOnly = dryRun ? 'true' : undefined;
  const shared = { service: 'run', answer: OPERATION } as const;
  if (!current)
    return {
      ...shared,
      method: 'POST',
      path: parent,
      query: { [`${kind}Id`]: name, validateOnly },
      body,
    } as const;
  const { etag } = current;
  const updateMask = mask && [...mask, 'client', 'clientVersion'].join(',');
  return {
    ...shared,
    method: 'PATCH',
    path,
    query: { updateMask, validateOnly },
    body: { ...body, ...(etag && { etag }) },
  } as const;
}

/** Waits for a write that was done although its answer never came. */
async function lostAnswer(place: Place, inputs: Inputs): Promise<undefined> {
  log.info(`The response was lost, but ${inputs.name} was updated; waiting for the rollout…`);
  await findSettled(place, inputs, WRITTEN);
}
