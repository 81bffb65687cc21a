import { cancellation, log } from '@gangway/action';

/**
 * Cleans up after a failure, which is the one to be told: what fails besides is a warning.
 *
 * @param what could not be done then, as the beginning of a sentence
 * @returns undefined when it failed
 * @throws only when the step is cancelled
 */
export async function besides<T>(what: string, clean: () => Promise<T>): Promise<T | undefined> {
  cancellation.throwIfAborted();
  try {
    return await clean();
  } catch (error) {
    cancellation.throwIfAborted();
    log.warning(`${what}: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
}
