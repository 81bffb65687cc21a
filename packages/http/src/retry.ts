import { setTimeout as sleep } from 'node:timers/promises';

export interface RetryOptions {
  /** Milliseconds in all; no further try starts after them. Default 2 minutes. */
  readonly deadline?: number;
  /** Milliseconds before the second try; doubles from try to try, with full jitter on its upper half. Default 500. */
  readonly firstDelay?: number;
  readonly signal?: AbortSignal | undefined;
  readonly onRetry?: (failure: Failure, delay: number) => void;
}

/** Why a try failed, as far as a retry depends on it. */
export interface Failure {
  /** Whether another try may succeed. */
  readonly transient: boolean;
  /** Tries in all that it is worth, the first one counted; default as many as the deadline lets. */
  readonly tries?: number | undefined;
  readonly error: unknown;
  /** What Retry-After asked for, in milliseconds. */
  readonly retryAfter?: number | undefined;
}

const MAX_DELAY = 20_000;

/**
 * The one retry policy: transient failures are tried again with exponential backoff and jitter, Retry-After is
 * honoured, all under one deadline.
 *
 * @param work is told the number of the try, from 1
 * @param judge classifies what `work` threw
 * @throws what the last try threw
 */
export async function retry<T>(
  work: (attempt: number) => Promise<T>,
  judge: (error: unknown) => Failure,
  { deadline = 120_000, firstDelay = 500, signal, onRetry }: RetryOptions = {},
): Promise<T> {
  const end = performance.now() + Math.min(deadline, longest());
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(attempt);
    } catch (error) {
      const failure = judge(error);
      const backoff = Math.min(firstDelay * 2 ** (attempt - 1), MAX_DELAY);
      const delay = Math.max(failure.retryAfter ?? 0, backoff * (0.5 + Math.random() / 2));
      const isLast = !failure.transient || attempt >= (failure.tries ?? Number.POSITIVE_INFINITY);
      if (isLast || signal?.aborted || performance.now() + delay > end) throw error;
      onRetry?.(failure, delay);
      await sleep(delay, undefined, { signal });
    }
  }
}

/** Milliseconds that GANGWAY_RETRY_TIMEOUT, in seconds, leaves at most; 0 is one try. */
function longest(): number {
  const { GANGWAY_RETRY_TIMEOUT: text = '' } = process.env;
  return /^\d{1,4}$/.test(text) ? Number(text) * 1000 : Number.POSITIVE_INFINITY;
}

/** The HTTP statuses that say "try again" (https://google.aip.dev/194, plus 425): not what a server can't do at all. */
export function isTransientStatus(status: number): boolean {
  if (status === 501 || status === 505) return false;
  return status === 408 || status === 425 || status === 429 || status >= 500;
}

/** Retry-After in milliseconds: seconds or an HTTP date (RFC 9110, section 10.2.3). */
export function parseRetryAfter(value: string | null | undefined, now = Date.now()): number | undefined {
  if (!value) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
