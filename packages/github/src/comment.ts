import { cancellation, log, mask } from '@gangway/action';
import { fields, list, number, object, text } from '@gangway/http';
import type { Markdown } from '@gangway/markdown';
import { callGithub } from './client.ts';
import { type Authored, bodyOf, isTrusted, markOf } from './comment-body.ts';
import { forkOf } from './fork.ts';
import { pullRequest } from './pull-request.ts';

interface Comment extends Authored {
  readonly id: number;
  readonly body?: string;
}

const COMMENTS = list(
  fields<Comment>(
    { id: number, body: text, user: fields<{ type?: string }>({ type: text }), author_association: text },
    'id',
  ),
);
const LARGEST_PAGE = 100;
/** Pages of comments that are searched. */
const MOST_PAGES = 30;

/**
 * Keeps one comment on the pull request of the run, updating it in place; elsewhere does nothing. That a comment can't
 * be written is a warning: it says nothing about the deploy. For a pull request from a fork it is only said in the log.
 *
 * @param action that writes it
 * @param subject tells the comments of different deploys apart
 * @see https://docs.github.com/en/rest/issues/comments
 */
export async function commentOnPullRequest(
  token: string,
  action: string,
  subject: string,
  markdown: Markdown,
): Promise<void> {
  mask(token);
  const pull = pullRequest()?.number;
  const repository = process.env.GITHUB_REPOSITORY;
  if (!pull || !repository) {
    log.info('No comment is written: this run is for no pull request.');
    return;
  }
  const mark = markOf(action, subject);
  const body = bodyOf(mark, markdown);
  try {
    const known = await find(token, `repos/${repository}/issues/${pull}/comments`, mark);
    if (known?.body === body) return;
    const path = known ? `issues/comments/${known.id}` : `issues/${pull}/comments`;
    await callGithub(token, known ? 'PATCH' : 'POST', `repos/${repository}/${path}`, object, { body });
    log.info(`The comment on pull request ${pull} was ${known ? 'updated' : 'written'}.`);
  } catch (error) {
    cancellation.throwIfAborted();
    const said = `No comment was written on pull request ${pull}: ${error instanceof Error ? error.message : error}`;
    const fork = forkOf();
    if (fork) log.info(`${said} It comes from the fork ${fork}, whose runs may not write.`);
    else
      log.warning(
        `${said}\nTo fix it: add "permissions: pull-requests: write" to the job; a pull request from a fork never gets it`,
      );
  }
}

async function find(token: string, path: string, mark: string): Promise<Comment | undefined> {
  for (let page = 1; page <= MOST_PAGES; page++) {
    const query = `per_page=${LARGEST_PAGE}&page=${page}`;
    const comments = await callGithub(token, 'GET', `${path}?${query}`, COMMENTS);
    const known = comments.find((comment) => comment.body?.startsWith(mark) && isTrusted(comment));
    if (known || comments.length < LARGEST_PAGE) return known;
  }
  return undefined;
}
