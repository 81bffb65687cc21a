import { setTimeout as sleep } from 'node:timers/promises';
import { capitalised } from '@gangway/action/capitalised';
import { ActionError } from '@gangway/action/error';
import { fields, flag, number, object, type Reader, readValue, text } from '@gangway/http';
import type { GoogleCloud } from './client.ts';
import type { Service } from './endpoints.ts';
import { GoogleError } from './error.ts';

/** A long-running operation (https://google.aip.dev/151). */
export interface Operation {
  readonly name: string;
  readonly done?: boolean;
  /** Of the operation's kind. */
  readonly response?: Readonly<Record<string, unknown>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly code?: number; readonly message?: string };
}

/** An operation as it comes. */
export const OPERATION: Reader<Operation> = fields<Operation>(
  {
    name: text,
    done: flag,
    response: object,
    metadata: object,
    error: fields<NonNullable<Operation['error']>>({ code: number, message: text }),
  },
  'name',
);

/** What operations of an API end with. */
export interface OperationKind<T> {
  readonly service: Service;
  /** Of the API, e.g. `v1`. */
  readonly version: string;
  /** What the response must be like. */
  readonly response: Reader<T>;
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

/**
 * Asks for an operation by name until it is done: after 0.5 s first, then at growing intervals of 2 s at most.
 *
 * @param what is done, for messages: `creating the API config c1`
 * @returns the operation's response
 * @throws GoogleError of the operation, ActionError `timeout`, or RequestFailure when the response is none of the kind
 */
export async function waitForOperation<T>(
  cloud: GoogleCloud,
  { service, version, response }: OperationKind<T>,
  started: Operation,
  what: string,
  options: WaitOptions,
): Promise<T> {
  const path = `${version}/${started.name}`;
  const poll = () => cloud.request({ service, method: 'GET', path, answer: OPERATION });
  const ended = await pollOperation(started, poll, what, options);
  return readValue(ended.response ?? {}, `The operation of ${what}`, response);
}

/** Polls until an operation is done, and returns it. */
export async function pollOperation(
  started: Operation,
  poll: () => Promise<Operation>,
  what: string,
  { timeout, signal, onProgress }: WaitOptions,
): Promise<Operation> {
  const start = performance.now();
  let operation = started;
  let told = start;
  for (let delay = FIRST_POLL; !operation.done; delay = Math.min(delay * 1.5, LAST_POLL)) {
    const now = performance.now();
    if (now - start > timeout) {
      throw new ActionError(
        `${capitalised(what)} took longer than ${Number((timeout / 1000).toFixed(1))} s; Google continues with it.`,
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
  return operation;
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
