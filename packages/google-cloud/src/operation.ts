import { setTimeout as sleep } from 'node:timers/promises';
import { capitalised } from '@gangway/action/capitalised';
import { ActionError } from '@gangway/action/error';
import type { GoogleCloud } from './client.ts';
import type { Service } from './endpoints.ts';
import { GoogleError } from './error.ts';

/** A long-running operation (https://google.aip.dev/151). */
export interface Operation<T = Record<string, unknown>> {
  readonly name: string;
  readonly done?: boolean;
  readonly response?: T;
  readonly error?: { readonly code?: number; readonly message?: string };
}

export interface WaitOptions {
  /** Milliseconds until giving up; the operation itself goes on. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
  /** Told every 15 s how long it has been, in milliseconds. */
  readonly onProgress?: (elapsed: number) => void;
}

const FIRST_POLL = 500;
const LAST_POLL = 2000;
const PROGRESS_EVERY = 15_000;

/** Asks for an operation by name until it is done: after 0.5 s first, then at growing intervals of 2 s at most. */
export function waitForOperation<T>(
  cloud: GoogleCloud,
  service: Service,
  version: string,
  started: Operation<T>,
  what: string,
  options: WaitOptions,
): Promise<T> {
  return pollOperation(
    started,
    () => cloud.request<Operation<T>>({ service, method: 'GET', path: `${version}/${started.name}` }),
    what,
    options,
  );
}

/**
 * Polls until an operation is done.
 *
 * @param what is done, for messages: `creating the API config c1`
 * @returns the operation's response
 * @throws GoogleError of the operation, or ActionError `timeout`
 */
export async function pollOperation<T>(
  started: Operation<T>,
  poll: () => Promise<Operation<T>>,
  what: string,
  { timeout, signal, onProgress }: WaitOptions,
): Promise<T> {
  const start = performance.now();
  let operation = started;
  let told = start;
  for (let delay = FIRST_POLL; !operation.done; delay = Math.min(delay * 1.5, LAST_POLL)) {
    const now = performance.now();
    if (now - start > timeout) {
      throw new ActionError(
        `${capitalised(what)} took longer than ${Number((timeout / 1000).toFixed(1))} s; Google goes on with it.`,
        {
          code: 'timeout',
          hint: 'run the job again: it picks up from there; or raise "timeout"',
        },
      );
    }
    if (now - told >= PROGRESS_EVERY) {
      told = now;
      onProgress?.(now - start);
    }
    await sleep(delay, undefined, { signal });
    operation = await poll();
  }
  if (operation.error) throw operationError(operation.error, what);
  return operation.response as T;
}

/** The HTTP status of each google.rpc.Code that an operation can end with. */
const HTTP_STATUS: Readonly<Record<number, readonly [number, string]>> = {
  3: [400, 'INVALID_ARGUMENT'],
  5: [404, 'NOT_FOUND'],
  6: [409, 'ALREADY_EXISTS'],
  7: [403, 'PERMISSION_DENIED'],
  8: [429, 'RESOURCE_EXHAUSTED'],
  9: [400, 'FAILED_PRECONDITION'],
  10: [409, 'ABORTED'],
  13: [500, 'INTERNAL'],
  14: [503, 'UNAVAILABLE'],
};

function operationError(
  { code = 13, message }: { code?: number; message?: string },
  what: string,
): GoogleError {
  const [http, status] = HTTP_STATUS[code] ?? [500, 'UNKNOWN'];
  return new GoogleError(http, JSON.stringify({ error: { message, status } }), `${capitalised(what)} failed`);
}
