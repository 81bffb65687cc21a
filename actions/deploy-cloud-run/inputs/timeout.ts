import { input, log } from '@gangway/action';

/** What action.yml says. */
const DEFAULT = '10m';

/**
 * How long the step waits, in milliseconds. In deploy-cloudrun `timeout` is the time for a request: where that may be meant,
 * a warning says which input it is here.
 *
 * @param asksForRequests whether what is deployed gets its settings, and so the time for a request, by inputs
 */
export function readTimeout(asksForRequests: boolean): number {
  const timeout = input.duration('timeout');
  const given = input.optional('timeout');
  if (asksForRequests && given !== DEFAULT && input.optional('request_timeout') === undefined)
    log.warning(
      `Input "timeout" is how long this step waits, ${given}. The time for a request, which is "timeout" in google-github-actions/deploy-cloudrun, is request_timeout here and stays as it is. Set request_timeout too to say that this is meant.`,
    );
  return timeout;
}
