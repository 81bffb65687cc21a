import { setTimeout as sleep } from 'node:timers/promises';
import { ActionError, cancellation, capitalised, log, seconds } from '@gangway/action';
import {
  type GoogleCloud,
  GoogleError,
  hasStatus,
  isGoogleError,
  OPERATION,
  waitForOperation,
} from '@gangway/google-cloud';
import { fields, object, text } from '@gangway/http';
import type { Resource } from '../plan/part.ts';

/** What shows that something goes: a state of API Gateway's, a time of API Keys'. */
const LEAVING = fields<{ state?: string; deleteTime?: string }>({ state: text, deleteTime: text });

/**
 * Deletes something and waits until it is gone. That it is gone already is as good: a first try whose answer was lost, or somebody
 * else, has done it.
 *
 * @param what it belongs to, for messages
 * @param deadline on the clock of performance.now()
 * @throws ActionError `timeout`, GoogleError when it is refused
 */
export async function remove(
  cloud: GoogleCloud,
  resource: Resource,
  what: string,
  deadline: number,
): Promise<void> {
  const { service, path, query } = resource;
  if (performance.now() > deadline) throw late(what);
  try {
    const started = await cloud.request({
      service,
      method: 'DELETE',
      path,
      query: query ?? {},
      answer: OPERATION,
    });
    const version = path.slice(0, path.indexOf('/'));
    await waitForOperation(cloud, { service, version, response: object }, started, `deleting ${what}`, {
      timeout: Math.max(0, deadline - performance.now()),
      signal: cancellation,
      onProgress: (elapsed) => log.info(`Still deleting ${what} after ${seconds(elapsed)}…`),
    });
  } catch (error) {
    if (!(error instanceof GoogleError) || isGoogleError(error, 403)) throw error;
    if (hasStatus(error, 'NOT_FOUND') || (await isGone(cloud, resource, what, deadline))) return;
    throw hasStatus(error, 'ABORTED') ? changed(what, error) : error;
  }
}

/** Whether it is gone, once nobody deletes it anymore. */
async function isGone(
  cloud: GoogleCloud,
  { service, path }: Resource,
  what: string,
  deadline: number,
): Promise<boolean> {
  for (;;) {
    try {
      const { state, deleteTime } = await cloud.request({ service, method: 'GET', path, answer: LEAVING });
      if (deleteTime) return true;
      if (state !== 'DELETING') return false;
    } catch (error) {
      if (isGoogleError(error, 404)) return true;
      // Who may delete it need not be let look at it: the refusal says more.
      if (isGoogleError(error, 403)) return false;
      throw error;
    }
    if (performance.now() > deadline) throw late(what);
    await sleep(1000, undefined, { signal: cancellation });
  }
}

function changed(what: string, cause: GoogleError): ActionError {
  return new ActionError(
    `${capitalised(what)} is being changed, or was changed since it was looked up: ${cause.detail}`,
    {
      code: 'changed',
      hint: 'wait until no deployment is under way, and run the job again',
      cause,
    },
  );
}

function late(what: string): ActionError {
  return new ActionError(`The time limit was reached before ${what} was deleted.`, {
    code: 'timeout',
    hint: 'run the job again: it continues from there; or raise "timeout"',
  });
}
