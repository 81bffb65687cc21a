import { cancellation, log, mask } from '@gangway/action';
import {
  fields,
  isLoopback,
  LIMITS,
  list,
  number,
  object,
  type Reader,
  readJson,
  send,
  text,
} from '@gangway/http';
import type { Markdown } from '@gangway/markdown';
import { type Authored, bodyOf, isTrusted, markOf } from './comment-body.ts';
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
 * be written is a warning: it says nothing about the deploy.
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
    await call(token, known ? 'PATCH' : 'POST', `repos/${repository}/${path}`, object, { body });
    log.info(`The comment on pull request ${pull} was ${known ? 'updated' : 'written'}.`);
  } catch (error) {
    cancellation.throwIfAborted();
    log.warning(
      `No comment was written on pull request ${pull}: ${error instanceof Error ? error.message : error}\nTo fix it: add "permissions: pull-requests: write" to the job; a pull request from a fork never gets it`,
    );
  }
}

async function find(token: string, path: string, mark: string): Promise<Comment | undefined> {
  for (let page = 1; page <= MOST_PAGES; page++) {
    const query = `per_page=${LARGEST_PAGE}&page=${page}`;
    const comments = await call(token, 'GET', `${path}?${query}`, COMMENTS);
    const known = comments.find((comment) => comment.body?.startsWith(mark) && isTrusted(comment));
    if (known || comments.length < LARGEST_PAGE) return known;
  }
  return undefined;
}

async function call<T>(
  token: string,
  method: string,
  path: string,
  reader: Reader<T>,
  body?: object,
): Promise<T> {
  const answer = await send(new URL(path, apiUrl()), {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'application/vnd.github+json',
      'x-github-api-version': '2022-11-28',
      ...(body && { 'content-type': 'application/json' }),
    },
    body: body && JSON.stringify(body),
    signal: cancellation,
    timeout: 30_000,
  });
  if (answer.ok) return readJson(answer, reader);
  const said = /"message"\s*:\s*"([^"]*)"/.exec(await answer.beginning(LIMITS.excerpt))?.[1];
  throw new Error(`${method} ${path}: ${answer.status}${said ? `: ${said}` : ''}`);
}

/** GitHub's API, or that of a GitHub Enterprise server; never over plain http but on this machine. */
function apiUrl(): string {
  const given = process.env.GITHUB_API_URL || 'https://api.github.com';
  const { protocol, host } = new URL(given);
  if (protocol !== 'https:' && !isLoopback(host)) throw new Error(`GITHUB_API_URL is not https: ${given}`);
  return `${given.replace(/\/+$/, '')}/`;
}
