import { judge } from '../judge.ts';
import { type RetryOptions, retry } from '../retry.ts';

/**
 * Sends something under the one retry policy.
 *
 * @throws what `work` threw: RequestFailure where there was no answer to work with
 */
export function reach<T>(work: () => Promise<T>, options: RetryOptions = {}): Promise<T> {
  return retry(work, judge, options);
}
