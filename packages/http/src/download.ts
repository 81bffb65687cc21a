import { ActionError } from '@gangway/action/error';
import { isLoopback } from './proxy/loopback.ts';
import { reach } from './proxy/reach.ts';
import { send } from './send.ts';

/** Milliseconds that one try may take, from the first byte to the last. */
const PATIENCE = 120_000;
/** Milliseconds after which no other try is made. */
const DEADLINE = 15_000;

/**
 * Downloads a file that anyone may have: no credentials are sent, redirects are followed, and passing failures are tried again.
 *
 * @param limit the most bytes that it may have
 * @throws Error in a few words
 */
export function download(url: string, limit: number, signal?: AbortSignal): Promise<Buffer> {
  return reach(() => once(url, limit, signal), { deadline: DEADLINE, signal });
}

async function once(url: string, limit: number, signal: AbortSignal | undefined): Promise<Buffer> {
  const answer = await send(url, { redirects: 'follow', signal, timeout: PATIENCE, limit });
  if (answer.ok) return answer.bytes();
  answer.discard();
  throw Object.assign(new Error(`the answer is ${answer.status}`), { response: { status: answer.status } });
}

/**
 * Where the releases of a program are, without a slash in the end.
 *
 * @param variable of the environment that names a stand-in on this machine, whose archives are checked as well
 * @throws ActionError `endpoint-invalid` where it names another machine
 */
export function releasesAt(published: string, variable: string): string {
  const given = process.env[variable];
  if (!given) return published;
  const url = URL.parse(given);
  if (url && isLoopback(url.host)) return given.replace(/\/+$/, '');
  throw new ActionError(`The environment variable ${variable} is not on this machine: "${given}".`, {
    code: 'endpoint-invalid',
    hint: 'write a URL on 127.0.0.1, or unset it',
  });
}
