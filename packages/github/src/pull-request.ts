import { readEvent } from '@gangway/action';

/** The pull request that a run is for. */
export interface PullRequest {
  readonly number: number;
  /** What happened to it, e.g. `opened`, `synchronize`, `closed`. */
  readonly action: string;
  /** The last commit of its branch. */
  readonly headSha: string | undefined;
  /** Names of its labels, after what happened. */
  readonly labels: readonly string[];
}

/** A pull request that somebody wrote a comment on. */
export interface CommentedPullRequest extends Pick<PullRequest, 'number' | 'action' | 'labels'> {
  /** What the author of the comment is to the repository, e.g. `OWNER`, `MEMBER`, `COLLABORATOR`, `NONE`. */
  readonly association: string;
  /** Whether the pull request was closed or merged before. */
  readonly closed: boolean;
}

/**
 * The pull request of the run, from its event; undefined where it is for none.
 *
 * @throws ActionError `event-invalid` when the event can't be read
 * @see https://docs.github.com/en/webhooks/webhook-events-and-payloads#pull_request
 */
export function pullRequest(): PullRequest | undefined {
  const { action, pull_request: pull } = readEvent() ?? {};
  const { number, head, labels } = Object(pull) as { number?: unknown; head?: unknown; labels?: unknown };
  if (typeof number !== 'number') return undefined;
  const { sha } = Object(head) as { sha?: unknown };
  return {
    number,
    action: typeof action === 'string' ? action : '',
    headSha: typeof sha === 'string' ? sha : undefined,
    labels: namesOf(labels),
  };
}

/**
 * The pull request that the run's comment is on; undefined where it is for none. An issue has no `pull_request`.
 *
 * @throws ActionError `event-invalid` when the event can't be read
 * @see https://docs.github.com/en/webhooks/webhook-events-and-payloads#issue_comment
 */
export function commentedPullRequest(): CommentedPullRequest | undefined {
  const { issue, comment } = readEvent() ?? {};
  const { number, labels, pull_request: pull, state } = Object(issue) as Readonly<Record<string, unknown>>;
  if (typeof number !== 'number' || !pull || !comment) return undefined;
  const { author_association: association } = Object(comment) as { author_association?: unknown };
  return {
    number,
    action: 'commented',
    labels: namesOf(labels),
    association: typeof association === 'string' ? association : '',
    closed: state === 'closed',
  };
}

function namesOf(labels: unknown): string[] {
  if (!Array.isArray(labels)) return [];
  return labels.flatMap((label: unknown) => {
    const { name } = Object(label) as { name?: unknown };
    return typeof name === 'string' ? [name] : [];
  });
}
