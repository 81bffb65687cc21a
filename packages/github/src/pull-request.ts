import { readFileSync } from 'node:fs';

/** The pull request that a run is for. */
export interface PullRequest {
  readonly number: number;
  /** What happened to it, e.g. `opened`, `synchronize`, `closed`. */
  readonly action: string;
}

/**
 * The pull request of the run, from its event; undefined where it is for none.
 * @see https://docs.github.com/en/webhooks/webhook-events-and-payloads#pull_request
 */
export function pullRequest(): PullRequest | undefined {
  try {
    const event = JSON.parse(readFileSync(process.env.GITHUB_EVENT_PATH ?? '', 'utf8')) as {
      action?: string;
      pull_request?: { number?: number };
    };
    const number = event.pull_request?.number;
    return number === undefined ? undefined : { number, action: event.action ?? '' };
  } catch {
    // No event, no pull request.
    return undefined;
  }
}
