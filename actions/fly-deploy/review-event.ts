import { ActionError, input, log } from '@gangway/action';
import { commentedPullRequest, pullRequest } from '@gangway/github';

/** What becomes of the app of a pull request. */
export interface ReviewEvent {
  readonly number: number;
  readonly destroy: boolean;
  /** Why it is destroyed, for the comment: what the pull request is, or lacks. */
  readonly because: string;
}

/** Who may start a deploy with the organization's token by a comment: anybody may write one. */
const TRUSTED = ['OWNER', 'MEMBER', 'COLLABORATOR'];

/**
 * Reads what the run is for: an app of a pull request lives until that is closed, or until its label is removed.
 *
 * @returns undefined where no pull request gets an app
 * @throws ActionError `no-pull-request`, `comment-author`, `pull-request-closed`
 */
export function readReviewEvent(): ReviewEvent | undefined {
  const label = input.optional('label');
  if (!input.boolean('pull_request')) {
    if (label)
      throw new ActionError(`Input "label" is "${label}", but "pull_request" is not true.`, {
        code: 'input-conflict',
        hint: 'set pull_request to true, or leave label out',
      });
    return undefined;
  }
  const event = pullRequest() ?? readComment();
  if (!event) {
    throw new ActionError('Input "pull_request" is true, but this run is not for a pull request.', {
      code: 'no-pull-request',
      hint: 'run the job on: pull_request, with types opened, reopened, synchronize and closed; or on: issue_comment, for comments on pull requests',
    });
  }
  const { number, action, labels } = event;
  const without = label !== undefined && !labels.includes(label);
  if (without) log.info(`Pull request ${number} has no label "${label}", and so no app.`);
  return {
    number,
    destroy: action === 'closed' || without,
    because: action === 'closed' ? 'is closed' : `has no label ${label}`,
  };
}

function readComment(): ReturnType<typeof commentedPullRequest> {
  const event = commentedPullRequest();
  if (event && !TRUSTED.includes(event.association)) {
    throw new ActionError(
      `The comment on pull request ${event.number} is by someone with the association ${event.association || 'none'}, and starts no deploy.`,
      {
        code: 'comment-author',
        hint: `add to the job: if: contains(fromJSON('["OWNER","MEMBER","COLLABORATOR"]'), github.event.comment.author_association)`,
      },
    );
  }
  if (event?.closed) {
    throw new ActionError(
      `The comment is on pull request ${event.number}, which is closed: nothing would destroy its app again.`,
      { code: 'pull-request-closed', hint: 'reopen the pull request, then comment again' },
    );
  }
  return event;
}
