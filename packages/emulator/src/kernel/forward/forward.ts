import { once } from 'node:events';
import {
  Agent,
  type ClientRequest,
  type IncomingMessage,
  type RequestOptions,
  request as requestHttp,
  type ServerResponse,
} from 'node:http';
import { request as requestHttps, Agent as TlsAgent } from 'node:https';
import { linger } from '../http/request-body.ts';
import { BodyTooLong, RequestBody } from './body.ts';
import { endToEnd, framing, misframed, originForm, safeTrailers } from './framing.ts';
import { invite, offerOf } from './front.ts';
import { join } from './tunnel.ts';

/** A request as it goes on. */
export interface Forwarding {
  /** Scheme, host and port. */
  readonly origin: URL;
  /** Default: that of the request. */
  readonly method?: string;
  /** Path and query; default: that of the request. */
  readonly path?: string;
  /** `Host`; default: the origin's. */
  readonly host?: string;
  /** Names and values in turn, of which those of one connection alone and those that frame the body are seen to here. */
  readonly headers: readonly string[];
  /** Milliseconds until the answer must have begun; default: any. */
  readonly begin?: number;
  /** Milliseconds from the end of the request to the end of the answer; default: any. */
  readonly end?: number;
  /** Bytes of the body; default: any. */
  readonly limit?: number;
  /** Whether a backend that can't be reached, or ends the connection without an answer, is tried once more. */
  readonly again?: boolean;
}

/** Why nothing came back. Nothing has been answered yet. */
export class ForwardError extends Error {
  /** `misframed` is a request that two readers might read in two ways. */
  readonly reason: 'unreachable' | 'timeout' | 'too-large' | 'misframed';
  /** Of `unreachable`: what happened, in Envoy's words. Of `misframed`: the status that says so. */
  readonly detail: string;

  constructor(reason: ForwardError['reason'], detail = '', options?: ErrorOptions) {
    super(detail ? `${reason}: ${detail}` : reason, options);
    this.reason = reason;
    this.detail = detail;
  }
}

const CONNECT_TIMEOUT = 20_000;

/** The one way of requests on to what was deployed, and of answers back, both as they arrive. */
export class Forwarder {
  readonly #http: Agent;
  readonly #https: TlsAgent;

  /** @param keepAlive whether connections are used again: one may be closed by the other side at the moment it is taken */
  constructor({ keepAlive = false }: { keepAlive?: boolean } = {}) {
    this.#http = new Agent({ keepAlive });
    this.#https = new TlsAgent({ keepAlive });
  }

  /** @throws ForwardError as long as nothing has been answered */
  async forward(request: IncomingMessage, response: ServerResponse, to: Forwarding): Promise<void> {
    const wrong = misframed(request);
    if (wrong) {
      // Nothing that comes after it is to be trusted.
      response.shouldKeepAlive = false;
      throw new ForwardError('misframed', String(wrong));
    }
    if (Number(request.headers['content-length'] ?? 0) > (to.limit ?? Number.POSITIVE_INFINITY))
      throw new ForwardError('too-large');
    const body = new RequestBody(request, to.limit);
    const attempt = () => this.#attempt(request, response, body, to);
    invite(request, response);
    try {
      await attempt();
    } catch (error) {
      const failed = error instanceof ForwardError && error.reason === 'unreachable';
      if (!failed || !to.again || !body.replayable) throw error;
      await attempt().catch((second: unknown) => {
        if (!(second instanceof ForwardError) || second.reason !== 'unreachable') throw second;
        throw new ForwardError('unreachable', `retried and the latest reset reason: ${second.detail}`);
      });
    }
  }

  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }

  #attempt(
    request: IncomingMessage,
    response: ServerResponse,
    body: RequestBody,
    to: Forwarding,
  ): Promise<void> {
    const tls = to.origin.protocol === 'https:';
    const method = to.method ?? request.method ?? 'GET';
    const offer = offerOf(request);
    const options: RequestOptions = {
      agent: offer ? false : tls ? this.#https : this.#http,
      hostname: to.origin.hostname.replace(/^\[|\]$/g, ''),
      port: to.origin.port || undefined,
      method,
      path: to.path ?? originForm(request.url ?? '/'),
      headers: [
        'Host',
        to.host ?? to.origin.host,
        ...endToEnd(to.headers, ['host', 'content-length', 'expect']),
        ...(offer ? ['Connection', 'Upgrade', 'Upgrade', 'websocket'] : framing(method, request)),
      ],
    };
    const upstream = (tls ? requestHttps : requestHttp)(options);
    // A backend may answer before any of the body has come.
    upstream.flushHeaders();
    return new Exchange(request, upstream, response).run(body, to);
  }
}

/** One attempt, from connecting to the end of the answer. */
class Exchange {
  readonly #request: IncomingMessage;
  readonly #upstream: ClientRequest;
  readonly #response: ServerResponse;
  readonly #timers: NodeJS.Timeout[] = [];
  #connected = false;
  #late = false;

  constructor(request: IncomingMessage, upstream: ClientRequest, response: ServerResponse) {
    this.#request = request;
    this.#upstream = upstream;
    this.#response = response;
  }

  async run(body: RequestBody, { begin, end }: Forwarding): Promise<void> {
    const gone = () => this.#upstream.destroy();
    this.#response.once('close', gone);
    try {
      const answered = this.#answered();
      // Told by the awaited one below.
      answered.catch(() => undefined);
      if (begin !== undefined) this.#after(begin, () => !this.#response.headersSent);
      const sent = this.#send(body).then(() => {
        if (end !== undefined) this.#after(end, () => true);
      });
      sent.catch(() => undefined);
      // A backend may answer before it has read everything; a body that is too long is no answer of its.
      await Promise.race([answered, sent.then(() => answered)]);
    } finally {
      for (const timer of this.#timers) clearTimeout(timer);
      this.#response.off('close', gone);
    }
  }

  #answered(): Promise<void> {
    const upstream = this.#upstream;
    const connecting = setTimeout(() => upstream.destroy(), CONNECT_TIMEOUT);
    this.#timers.push(connecting);
    upstream.once('socket', (socket) => {
      const connected = () => {
        this.#connected = true;
        clearTimeout(connecting);
      };
      if (socket.connecting) socket.once('connect', connected);
      else connected();
    });
    return new Promise<void>((resolve, reject) => {
      upstream.once('response', (answer) => void this.#relay(answer).then(resolve, reject));
      upstream.once('upgrade', (answer, socket, head) =>
        resolve(join(this.#request, this.#response, { answer, socket, head })),
      );
      const failed = (error?: NodeJS.ErrnoException) => {
        // What has begun is told by a cut connection alone.
        if (this.#response.headersSent || this.#response.destroyed) resolve();
        else if (this.#late) reject(new ForwardError('timeout'));
        else reject(new ForwardError('unreachable', this.#reason(error), { cause: error }));
      };
      upstream.on('error', failed);
      // Destroying a request that never got a socket says nothing but `close`.
      upstream.once('close', () => {
        if (!this.#response.headersSent) failed();
      });
    });
  }

  async #send(body: RequestBody): Promise<void> {
    const upstream = this.#upstream;
    try {
      for await (const chunk of body.chunks()) {
        if (upstream.destroyed) return;
        if (!upstream.write(chunk)) await drained(upstream);
      }
    } catch (error) {
      upstream.destroy();
      if (error instanceof BodyTooLong) throw new ForwardError('too-large');
      return;
    }
    const trailers = safeTrailers(this.#request.rawTrailers);
    if (trailers.length > 0) upstream.addTrailers(trailers);
    upstream.end();
  }

  async #relay(answer: IncomingMessage): Promise<void> {
    const response = this.#response;
    // Nobody would take the rest of the body for one: the connection ends with this answer.
    const early = !this.#request.complete;
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage, [
      ...endToEnd(answer.rawHeaders, answer.headers['transfer-encoding'] ? ['content-length'] : []),
      ...(early ? ['Connection', 'close'] : []),
    ]);
    response.flushHeaders();
    try {
      for await (const chunk of answer) {
        if (!response.write(chunk)) await drained(response);
      }
      if (!answer.complete) throw new Error('The answer was cut short.');
    } catch {
      // The status is sent: all that is left to tell the client is that the body is cut short.
      response.destroy();
      return;
    }
    const trailers = safeTrailers(answer.rawTrailers);
    if (trailers.length > 0) response.addTrailers(trailers);
    if (!this.#request.complete) await linger(this.#request);
    // Of a connection that is used again, the rest of an unread request would be the beginning of the next one.
    if (!this.#upstream.writableFinished) this.#upstream.destroy();
    response.end();
  }

  #after(milliseconds: number, counts: () => boolean): void {
    const timer = setTimeout(() => {
      if (!counts()) return;
      this.#late = true;
      this.#upstream.destroy();
      if (this.#response.headersSent) this.#response.destroy();
    }, milliseconds);
    this.#timers.push(timer);
  }

  #reason(error?: NodeJS.ErrnoException): string {
    if (this.#connected) return 'connection termination';
    if (!error?.code) return 'connection timeout';
    const cause = error.code === 'ECONNREFUSED' ? 'Connection refused' : error.message;
    return `remote connection failure, transport failure reason: delayed connect error: ${cause}`;
  }
}

/** Resolves when more may be written, or when nothing will be any more. */
async function drained(stream: ClientRequest | ServerResponse): Promise<void> {
  const settled = new AbortController();
  const options = { signal: settled.signal };
  try {
    await Promise.race([once(stream, 'drain', options), once(stream, 'close', options)]);
  } finally {
    settled.abort();
  }
}
