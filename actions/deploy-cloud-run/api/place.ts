import { setTimeout as sleep } from 'node:timers/promises';
import { ActionError, cancellation, log, seconds } from '@gangway/action';
import {
  type GoogleCloud,
  isGoogleError,
  OPERATION,
  type Operation,
  waitForOperation,
} from '@gangway/google-cloud';
import { object, type Reader } from '@gangway/http';
import type { Inputs } from '../inputs.ts';

/** A service or job of Cloud Run by its place. */
export interface Place {
  readonly cloud: GoogleCloud;
  readonly projectId: string;
  /** `v2/projects/…/locations/…/services`, or `jobs`. */
  readonly parent: string;
  /** The parent and the name. */
  readonly path: string;
}

export function placeOf(cloud: GoogleCloud, projectId: string, { region, kind, name }: Inputs): Place {
  const parent = `v2/projects/${projectId}/locations/${region}/${kind}s`;
  return { cloud, projectId, parent, path: `${parent}/${name}` };
}

/** What operations of Cloud Run end with: what was written is read again. */
export const ROLLOUT = { service: 'run', version: 'v2', response: object } as const;

/** What is at a path, or undefined. */
export async function find<T>(cloud: GoogleCloud, path: string, answer: Reader<T>): Promise<T | undefined> {
  try {
    return await cloud.request({ service: 'run', method: 'GET', path, answer });
  } catch (error) {
    if (isGoogleError(error, 404)) return undefined;
    throw error;
  }
}

/**
 * What is at a path once a rollout that is under way there has ended: one that was cancelled goes on at Google's, and
 * what comes after it must not count it as failed.
 *
 * @throws ActionError `timeout` when it takes too long
 */
export async function findSettled<T extends { readonly terminalCondition?: { readonly state?: string } }>(
  { cloud, path }: Place,
  { name, timeout }: Inputs,
  answer: Reader<T>,
): Promise<T | undefined> {
  const end = performance.now() + timeout;
  for (let told = false; ; told = true) {
    const found = await find(cloud, path, answer);
    if (!/RECONCILING|PENDING/.test(found?.terminalCondition?.state ?? '')) return found;
    if (performance.now() > end)
      throw new ActionError(`Another rollout of ${name} has not ended within ${seconds(timeout)}.`, {
        code: 'timeout',
        hint: 'look at it in the console, and run the job again once it has ended; or raise "timeout"',
      });
    if (!told) log.info(`A rollout of ${name} is under way; waiting until it has ended…`);
    await sleep(1000, undefined, { signal: cancellation });
  }
}

/**
 * Creates something, or changes what is there, and waits until that is done.
 *
 * @param mask the fields that are written, for what takes one
 */
export async function write(
  { cloud, parent, path }: Place,
  body: object,
  { exists, mask, dryRun = false }: { exists: boolean; mask?: readonly string[]; dryRun?: boolean },
  { kind, name, timeout }: Inputs,
): Promise<void> {
  const validateOnly = dryRun ? 'true' : undefined;
  const updateMask = mask?.join(',');
  const patch = (): Promise<Operation> =>
    cloud.request({
      service: 'run',
      method: 'PATCH',
      path,
      query: { updateMask, validateOnly },
      body,
      answer: OPERATION,
    });
  const create = (): Promise<Operation> =>
    cloud.request({
      service: 'run',
      method: 'POST',
      path: parent,
      query: { [`${kind}Id`]: name, validateOnly },
      body,
      answer: OPERATION,
    });
  const started = exists
    ? await patch()
    : await create().catch((error: unknown) => {
        // A retried create whose first answer was lost: make what is there the same.
        if (isGoogleError(error, 409)) return patch();
        throw error;
      });
  if (dryRun) return;
  await waitForOperation(cloud, ROLLOUT, started, `rolling out ${name}`, {
    timeout,
    signal: cancellation,
    onProgress: (elapsed) => log.info(`Still rolling out after ${seconds(elapsed)}…`),
  });
}
