import { cancellation } from '@gangway/action';
import { reach, send } from '@gangway/http';

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
export function download(url: string, limit: number): Promise<Buffer> {
  return reach(() => once(url, limit), { deadline: DEADLINE, signal: cancellation });
}

async function once(url: string, limit: number): Promise<Buffer> {
  const answer = await send(url, { redirects: 'follow', signal: cancellation, timeout: PATIENCE, limit });
  if (answer.ok) return answer.bytes();
  answer.discard();
  throw Object.assign(new Error(`the answer is ${answer.status}`), { response: { status: answer.status } });
}
