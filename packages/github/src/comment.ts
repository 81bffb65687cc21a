import { cancellation, log, mask } from '@gangway/action';
import { isLoopback, webRequest } from '@gangway/google-cloud';
import type { Markdown } from '@gangway/markdown';
import { type Authored, bodyOf, isTrusted, markOf } from './comment-body.ts';
import { pullRequest } from './pull-request.ts';

interface Comment extends Authored {
  readonly id: number;
  readonly body?: string;
}

const LARGEST_PAGE = 100;

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
  const number = pullRequest()?.number;
  const repository = process.env.GITHUB_REPOSITORY;
  if (!number || !repository) {
    log.info('No comment is written: this run is for no pull request.');
    return;
  }
  const mark = markOf(action, subject);
  const body = bodyOf(mark, markdown);
  try {
    const known = await find(token, `repos/${repository}/issues/${number}/comments`, mark);
    if (known?.body === body) return;
    if (known) await call(token, 'PATCH', `repos/${repository}/issues/comments/${known.id}`, { body });
    else await call(token, 'POST', `repos/${repository}/issues/${number}/comments`, { body });
    log.info(`The comment on pull request ${number} was ${known ? 'updated' : 'written'}.`);
  } catch (error) {
    cancellation.throwIfAborted();
    log.warning(
      `No comment was written on pull request ${number}: ${error instanceof Error ? error.message : error}\nTo fix it: add "permissions: pull-requests: write" to the job; a pull request from a fork never gets it`,
    );
  }
}

async function find(token: string, path: string, mark: string): Promise<Comment | undefined> {
  for (let page = 1; ; page++) {
    const comments = await call<Comment[]>(token, 'GET', `${path}?per_page=${LARGEST_PAGE}&page=${page}`);
    const known = comments.find((comment) => comment.body?.startsWith(mark) && isTrusted(comment));
    if (known || comments.length < LARGEST_PAGE) return known;
  }
}

async function call<T>(token: string, method: string, path: string, body?: object): Promise<T> {
  const { status, text } = await webRequest(new URL(path, apiUrl()).href, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'application/vnd.github+json',
      'x-github-api-version': '2022-11-28',
      'user-agent': 'gangway',
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.any([cancellation, AbortSignal.timeout(30_000)]),
  });
  if (status < 200 || status > 299) {
    const said = /"message"\s*:\s*"([^"]*)"/.exec(text)?.[1];
    throw new Error(`${method} ${path}: ${status}${said ? `: ${said}` : ''}`);
  }
  return JSON.parse(text) as T;
}

/** GitHub's API, or that of a GitHub Enterprise server; never over plain http but on this machine. */
function apiUrl(): string {
  const given = process.env.GITHUB_API_URL || 'https://api.github.com';
  const { protocol, host } = new URL(given);
  if (protocol !== 'https:' && !isLoopback(host)) throw new Error(`GITHUB_API_URL is not https: ${given}`);
  return `${given.replace(/\/+$/, '')}/`;
}
