import { ActionError } from '@gangway/action/error';
import { judge } from './judge.ts';
import { type RetryOptions, retry } from './retry.ts';

/**
 * Sends something under the one retry policy. When the network fails for good, the error says what to look at.
 *
 * @param what is sent, for messages: `GET run.googleapis.com/v2/…`
 * @throws ActionError `unreachable`; what `work` threw when there was an answer
 */
export async function reach<T>(work: () => Promise<T>, what: string, options: RetryOptions = {}): Promise<T> {
  try {
    return await retry(work, judge, options);
  } catch (error) {
    throw isUnanswered(error) ? unreachable(what, error) : error;
  }
}

/** Whether it is Node's or undici's own error: the name of a system call's failure, and no answer. */
function isUnanswered(error: unknown): error is Error {
  if (!(error instanceof Error) || error instanceof ActionError) return false;
  const { response, code } = error as { response?: unknown; code?: unknown };
  return (
    response === undefined &&
    typeof code === 'string' &&
    /^(E[A-Z]+|UND_ERR_\w+|TimeoutError|\w*CERT\w*)/.test(code)
  );
}

function unreachable(what: string, cause: Error & { code?: unknown }): ActionError {
  return new ActionError(`${what} got no answer: ${cause.message} (${cause.code}).`, {
    code: 'unreachable',
    hint: 'run the job again; on a self-hosted runner, check its network, and HTTPS_PROXY if it needs a proxy',
    cause,
  });
}
