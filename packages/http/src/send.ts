import {
  type ClientRequest,
  type Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
} from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { type Answer, openAnswer } from './answer.ts';
import { failureOf, redirected, tooSlow } from './failure.ts';
import { agentFor } from './proxy/proxy.ts';
import { userAgentOf } from './user-agent.ts';

/** A request as it is sent. */
export interface Outgoing {
  /** Default GET. */
  readonly method?: string | undefined;
  readonly headers?: Headers | Readonly<Record<string, string>> | undefined;
  readonly body?: string | Uint8Array | undefined;
  /** Ends it; what it was aborted with is thrown. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for the whole of it, the last byte of the answer included. Default half a minute. */
  readonly timeout?: number | undefined;
  /** Bytes of the answer's body at most, unpacked. Default {@link LIMITS}.json. */
  readonly limit?: number | undefined;
  /** Not over a connection that is kept from an earlier request: the server may be closing it, and this one can't be repeated. */
  readonly fresh?: boolean | undefined;
  /**
   * What is done when the answer names another place. `refuse`: an error. `tell`: it is an answer like any other.
   * `follow`: for GET and HEAD, goes there, to another origin without authorization, and never from https to http.
   * Default refuse.
   */
  readonly redirects?: 'refuse' | 'tell' | 'follow' | undefined;
  /** The authority that the server's certificate is checked by, PEM, in place of those that Node trusts. */
  readonly ca?: string | undefined;
  /** Connections of another kind, such as with a client certificate; no proxy is used then. */
  readonly agent?: HttpAgent | undefined;
  /** For messages; default `METHOD HOST/PATH`. */
  readonly what?: string | undefined;
}

/** Bytes that an answer may take in memory. */
export const LIMITS = {
  /** JSON of an API: no list or document that is asked for comes near it. */
  json: 16 * 1024 * 1024,
  /** Tokens, and whatever a server says in place of an answer. */
  token: 1024 * 1024,
  /** Manifests; registries take 4 MiB. */
  manifest: 8 * 1024 * 1024,
  /** The beginning of a page that is only looked at. */
  excerpt: 64 * 1024,
} as const;

const HEADERS = { accept: '*/*', 'accept-encoding': 'gzip', 'user-agent': userAgentOf(process.argv[1]) };
const USUAL_TIMEOUT = 30_000;
const MOST_REDIRECTS = 5;

/** Milliseconds that a request may take; GANGWAY_REQUEST_TIMEOUT, in seconds, allows no more than that. */
function timeoutOf(wanted = USUAL_TIMEOUT): number {
  const { GANGWAY_REQUEST_TIMEOUT: text = '' } = process.env;
  return Math.ceil(/^[1-9]\d{0,3}$/.test(text) ? Math.min(wanted, Number(text) * 1000) : wanted);
}

/**
 * The one door: every HTTP request of an action is sent here, once. Goes through HTTPS_PROXY and heeds NO_PROXY. The answer's
 * body is bounded in bytes and the whole in time.
 *
 * @returns the answer, whatever its status
 * @throws RequestFailure when there is none, or it leads elsewhere; what `signal` was aborted with
 */
export async function send(url: string | URL, outgoing: Outgoing = {}): Promise<Answer> {
  const { method = 'GET', redirects = 'refuse' } = outgoing;
  const timeout = timeoutOf(outgoing.timeout);
  let at = new URL(String(url));
  const what = outgoing.what ?? `${method} ${at.host}${at.pathname}`;
  const timer = AbortSignal.timeout(timeout);
  const headers = new Headers(HEADERS);
  for (const [name, value] of new Headers(outgoing.headers)) headers.set(name, value);
  // Node tells no length of a DELETE's body, which the server would then take for the next request.
  if (outgoing.body !== undefined) headers.set('content-length', String(Buffer.byteLength(outgoing.body)));
  for (let hops = 0; ; hops++) {
    const answer = await sendOnce(at, { ...outgoing, method, headers, timer, timeout, what });
    const { status } = answer;
    if (redirects === 'tell' || status < 300 || status > 399 || status === 304) return answer;
    const location = answer.headers.get('location');
    const to = URL.parse(location ?? '', at.href);
    answer.discard();
    const follows = redirects === 'follow' && /^(GET|HEAD)$/.test(method) && hops < MOST_REDIRECTS;
    const weaker = to?.protocol !== 'https:' && to?.origin !== at.origin && at.protocol === 'https:';
    if (!follows || !to || !/^https?:$/.test(to.protocol) || weaker)
      throw redirected(what, status, location, at.href);
    if (to.origin !== at.origin) for (const name of SECRET) headers.delete(name);
    at = to;
  }
}

/** Headers that are for the origin that was asked, and no other. */
const SECRET = ['authorization', 'cookie', 'proxy-authorization', 'x-goog-user-project'];

interface Prepared extends Outgoing {
  readonly method: string;
  readonly headers: Headers;
  readonly timer: AbortSignal;
  readonly timeout: number;
  readonly what: string;
}

function sendOnce(url: URL, prepared: Prepared): Promise<Answer> {
  const {
    method,
    headers,
    body,
    signal,
    timer,
    timeout,
    what,
    fresh,
    ca,
    agent,
    limit = LIMITS.json,
  } = prepared;
  // The parser tells the request what is wrong with a body; the answer just ends.
  let parserError: Error | undefined;
  /** An error as the caller is to see it: cancelled, too late, or what it is. */
  const named = (error: unknown): unknown => {
    if (signal?.aborted) return signal.reason;
    return timer.aborted ? tooSlow(what, timeout) : failureOf(parserError ?? error, what);
  };
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => reject(named(error));
    if (signal?.aborted) return fail(undefined);
    let request: ClientRequest;
    try {
      request = open(url, {
        method,
        headers: Object.fromEntries(headers),
        signal: signal ? AbortSignal.any([signal, timer]) : timer,
        agent: agent ?? agentFor(url, !fresh),
        // Connections that are kept are told apart by it.
        ...(ca !== undefined && { ca }),
      });
    } catch (error) {
      return fail(error);
    }
    request.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code?.startsWith('HPE_')) parserError ??= error;
      fail(error);
    });
    // None of these is an answer: a server that switches protocols unasked, and one that hangs up without a word.
    request.once('upgrade', (_, socket) => {
      socket.destroy();
      fail(Object.assign(new Error('it switched to another protocol'), { code: 'HPE_UPGRADE' }));
    });
    request.once('close', () => fail(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })));
    request.once('response', (response: IncomingMessage) => {
      try {
        resolve(openAnswer(response, { url, what, limit, named, bodiless: method === 'HEAD' }));
      } catch (error) {
        request.destroy();
        fail(error);
      }
    });
    request.end(body);
  });
}

function open(url: URL, options: RequestOptions): ClientRequest {
  return url.protocol === 'https:' ? httpsRequest(url, options) : httpRequest(url, options);
}
