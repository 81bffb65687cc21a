import { setTimeout as sleep } from 'node:timers/promises';
import { ActionError, cancellation, capitalised, log, type Stopwatch, seconds } from '@gangway/action';
import { type GoogleCloud, hasStatus, waitForOperation } from '@gangway/google-cloud';
import type { ApiGateway, Started, State } from '@gangway/google-cloud/api-gateway';
import type { Inputs } from '../inputs.ts';
import type { Plan } from './plan.ts';

/** Where the work stands: the services, what is wanted, how long it may take. */
export interface Work {
  readonly gateways: ApiGateway;
  readonly cloud: GoogleCloud;
  readonly plan: Plan;
  readonly inputs: Inputs;
  /** On the clock of performance.now(). */
  readonly deadline: number;
  readonly watch: Stopwatch;
  /** What was done so far, in order, in words. */
  readonly changes: string[];
}

/** How often a resource that others work on too is tried again. */
export const TRIES = 6;

/** Starts an operation and waits for its response. */
export async function finish<T>(work: Work, start: () => Promise<Started<T>>, what: string): Promise<T> {
  if (remaining(work) <= 0) {
    throw new ActionError(`The time limit was reached before ${what}.`, {
      code: 'timeout',
      hint: 'run the job again: it picks up from there; or raise "timeout"',
    });
  }
  log.info(`${capitalised(what)}…`);
  const { operation, kind } = await start();
  return waitForOperation(work.cloud, kind, operation, what, {
    timeout: remaining(work),
    signal: cancellation,
    onProgress: (elapsed) => log.info(`Still ${what} after ${seconds(elapsed)}…`),
  });
}

/** Deletes something; that it is gone already is as good. */
export async function remove(
  work: Work,
  start: () => Promise<Started<unknown>>,
  what: string,
): Promise<void> {
  try {
    await finish(work, start, what);
  } catch (error) {
    if (!hasStatus(error, 'NOT_FOUND')) throw error;
  }
}

/**
 * Waits until nobody works on a resource anymore.
 *
 * @returns it, ACTIVE or FAILED, or undefined when it is not there
 * @throws ActionError `timeout`
 */
export function settled<T extends { readonly state: State }>(
  work: Work,
  get: () => Promise<T | undefined>,
  what: string,
): Promise<T | undefined> {
  return waitUntil(work, get, isSettled, (resource) => `${what} is ${resource?.state ?? 'gone'}`);
}

/**
 * Asks again and again, at growing intervals of 2 s at most, until the answer will do.
 *
 * @param says where things stand, for the log and the error
 * @throws ActionError `timeout`
 */
export async function waitUntil<T>(
  work: Work,
  ask: () => Promise<T>,
  good: (answer: T) => boolean,
  says: (answer: T) => string,
): Promise<T> {
  let told = performance.now();
  for (let delay = 500; ; delay = Math.min(delay * 1.5, 2000)) {
    const answer = await ask();
    if (good(answer)) return answer;
    if (remaining(work) <= 0) {
      throw new ActionError(`${capitalised(says(answer))}, and the time limit is reached.`, {
        code: 'timeout',
        hint: 'run the job again: it picks up from there; or raise "timeout"',
      });
    }
    if (delay === 500 || performance.now() - told >= 15_000) {
      told = performance.now();
      log.info(`Waiting: ${says(answer)}.`);
    }
    await sleep(delay, undefined, { signal: cancellation });
  }
}

/** Lets others go first, for a random while: two that wait for each other must not start again together. */
export async function stepBack(tries: number): Promise<void> {
  await sleep(250 + Math.random() * 750 * tries, undefined, { signal: cancellation });
}

/** The error for a resource that stays as nothing can be done with it. */
export function stuck(what: string, state: State | undefined, command: string): ActionError {
  return new ActionError(`${capitalised(what)} is ${state ?? 'gone'}, and stays so.`, {
    code: 'state',
    hint: `run the job again; if it persists, look at it with "${command}", and delete it if nothing needs it`,
  });
}

export function remaining({ deadline }: Work): number {
  return deadline - performance.now();
}

function isSettled(resource: { readonly state: State } | undefined): boolean {
  return !resource || resource.state === 'ACTIVE' || resource.state === 'FAILED';
}
