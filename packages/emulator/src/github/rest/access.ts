import type { Call, Reply } from '../../kernel/http/call.ts';
import { type Handler, type Route, route } from '../../kernel/http/route.ts';
import type { Context } from '../context.ts';
import { readGithubToken } from './token.ts';

/** Where GitHub's REST API answers, as on a GitHub Enterprise server. */
export const API = '/github/api/v3';

/**
 * Declares a route below a repository, for tokens of that repository which may do what it takes.
 *
 * @param template below `/repos/{owner}/{repo}`
 * @param permissions one of which is enough
 */
export function inRepository(
  method: string,
  template: string,
  permissions: readonly string[],
  handler: Handler<Context>,
): Route<Context> {
  const wanted = method === 'GET' ? 'read' : 'write';
  return route(method, `${API}/repos/{owner}/{repo}${template}`, undefined, handler, {
    guard: (call, cloud) => {
      const token = /^(?:Bearer|token) (\S+)$/i.exec(call.headers.authorization ?? '')?.[1];
      const read = token && readGithubToken(cloud, token);
      if (!read) return failure(401, 'Bad credentials');
      if (read.repository.toLowerCase() !== repositoryOf(call).toLowerCase()) return notFound();
      const may = permissions.some((name) => {
        const level = read.permissions[name];
        return level === 'write' || level === wanted;
      });
      return may ? undefined : failure(403, 'Resource not accessible by integration');
    },
    tooLarge: () => failure(413, 'Request Entity Too Large'),
  });
}

export function repositoryOf({ params: { owner, repo } }: Call): string {
  return `${owner}/${repo}`;
}

/** One page of a list, as `per_page` and `page` ask for it. */
export function paged<T>({ query }: Call, all: readonly T[]): readonly T[] {
  const size = Math.min(Math.max(Number(query.get('per_page') ?? 30) || 30, 1), 100);
  const page = Math.max(Number(query.get('page') ?? 1) || 1, 1);
  return all.slice((page - 1) * size, page * size);
}

export function notFound(): Reply {
  return failure(404, 'Not Found');
}

/** @see https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api */
export function failure(status: number, message: string): Reply {
  const documentation_url = 'https://docs.github.com/rest';
  return { status, body: { message, documentation_url, status: String(status) } };
}
