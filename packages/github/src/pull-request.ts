import { readEvent } from '@gangway/action';

/** The pull request that a run is for. */
export interface PullRequest {
  readonly number: number;
  /** What happened to it, e.g. `opened`, `synchronize`, `closed`. */
  readonly action: string;
  /** The last commit of its branch. */
  readonly headSha: string | undefined;
}

/**
 * The pull request of the run, from its event; undefined where it is for none.
 *
 * @throws ActionError `event-invalid` when the event can't be read
 * @see https://docs.github.com/en/webhooks/webhook-events-and-payloads#pull_request
 */
export function pullRequest(): PullRequest | undefined {
  const { action, pull_request: pull } = readEvent() ?? {};
  const { number, head } = Object(pull) as { number?: unknown; head?: unknown };
  if (typeof number !== 'number') return undefined;
  const { sha } = Object(head) as { sha?: unknown };
  return {
    number,
    action: typeof action === 'string' ? action : '',
    headSha: typeof sha === 'string' ? sha : undefined,
  };
}
