import { cancellation } from '@gangway/action';
import { isLoopback, LIMITS, type Reader, readJson, send } from '@gangway/http';

/** A request to GitHub's REST API that was refused. */
class GithubError extends Error {
  /** Of HTTP. */
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/**
 * One request to GitHub's REST API.
 *
 * @param path below the API's root, e.g. `repos/OWNER/NAME/deployments`
 * @throws GithubError when it is refused, ActionError when GitHub can't be reached
 * @see https://docs.github.com/en/rest
 */
export async function callGithub<T>(
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
  throw new GithubError(`${method} ${path}: ${answer.status}${said ? `: ${said}` : ''}`, answer.status);
}

/** GitHub's API, or that of a GitHub Enterprise server; never over plain http but on this machine. */
function apiUrl(): string {
  const given = process.env.GITHUB_API_URL || 'https://api.github.com';
  const { protocol, host } = new URL(given);
  if (protocol !== 'https:' && !isLoopback(host)) throw new Error(`GITHUB_API_URL is not https: ${given}`);
  return `${given.replace(/\/+$/, '')}/`;
}
