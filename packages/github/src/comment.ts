import { cancellation, log, mask } from '@gangway/action';
import { fields, list, number, object, text } from '@gangway/http';
import type { Markdown } from '@gangway/markdown';
import { callGithub } from './client.ts';
import { type Authored, bodyOf, isTrusted, markOf, threadOf } from './comment-body.ts';
import { forkOf } from './fork.ts';
import { commentedPullRequest, pullRequest } from './pull-request.ts';

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
/** How often a section is written that others write over. */
const TRIES = 3;

/**
 * Keeps one comment on the pull request of the run, or the one that was commented on, updating it in place; elsewhere does nothing. Steps that name the same
 * thread share a comment, in which each has a section. That a comment can't be written is a warning: it says nothing about the
 * deploy. For a pull request from a fork it is only said in the log.
 *
 * @param action that writes it
 * @param subject tells the comments, or the sections, of different deploys apart
 * @param thread e.g. `preview`
 * @see https://docs.github.com/en/rest/issues/comments
 */
export async function commentOnPullRequest(
  token: string,
  action: string,
  subject: string,
  markdown: Markdown,
  thread?: string,
): Promise<void> {
  mask(token);
  const pull = (pullRequest() ?? commentedPullRequest())?.number;
  const repository = process.env.GITHUB_REPOSITORY;
  if (!pull || !repository) {
    log.info('No comment is written: this run is not for a pull request.');
    return;
  }
  const own = markOf(action, subject);
  const mark = thread ? markOf('thread', thread) : own;
  const write = async (): Promise<'written' | 'updated' | 'unchanged'> => {
    const known = await find(token, `repos/${repository}/issues/${pull}/comments`, mark);
    const body = thread ? threadOf(mark, known?.body, own, markdown) : bodyOf(mark, markdown);
    if (known?.body === body) return 'unchanged';
    const path = known ? `issues/comments/${known.id}` : `issues/${pull}/comments`;
    await callGithub(token, known ? 'PATCH' : 'POST', `repos/${repository}/${path}`, object, { body });
    return known ? 'updated' : 'written';
  };
  try {
    let done = await write();
    // Another job may have written its section at the same time, without this one.
    for (let tries = 1; thread && done !== 'unchanged' && tries < TRIES; tries++) {
      const again = await write();
      if (again === 'unchanged') break;
      done = again;
    }
    if (done !== 'unchanged') log.info(`The comment on pull request ${pull} was ${done}.`);
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
