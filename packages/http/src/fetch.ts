import { Agent as HttpsAgent } from 'node:https';
import { Readable } from 'node:stream';
import { LIMITS, send } from './send.ts';

/** What a caller of `fetch` gives, as far as Google's libraries do. */
interface Init {
  readonly method?: string;
  readonly headers?: Headers | Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  readonly agent?: unknown;
  readonly timeout?: number;
}

/**
 * The one door in the shape of `fetch`, for libraries that are written for that: Google's token clients. No redirect is followed,
 * since what they send are credentials.
 *
 * @throws RequestFailure when there is no answer
 */
export async function doorFetch(url: string | URL, init: Init = {}): Promise<Response> {
  const { method, headers, body, signal, agent, timeout } = init;
  const answer = await send(url, {
    method,
    headers,
    signal,
    body: body instanceof Uint8Array ? body : body ? String(body) : undefined,
    limit: LIMITS.token,
    // One with a client certificate. Proxies are the door's business.
    ...(agent instanceof HttpsAgent && { agent }),
    ...(timeout && { timeout }),
  });
  const hasBody = answer.status !== 204 && answer.status !== 304 && answer.status >= 200;
  const stream = Readable.toWeb(Readable.from(answer.body)) as ReadableStream<Uint8Array>;
  const { status } = answer;
  return new Response(hasBody ? stream : null, { status, headers: answer.headers });
}
