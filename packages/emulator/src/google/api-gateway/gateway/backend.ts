import { once } from 'node:events';
import {
  Agent,
  type ClientRequest,
  type IncomingMessage,
  request as requestHttp,
  type ServerResponse,
} from 'node:http';
import { request as requestHttps, Agent as TlsAgent } from 'node:https';
import { Rejection } from './rejection.ts';
import type { RequestBody } from './request-body.ts';

/** A request as it goes to a backend. */
export interface BackendRequest {
  readonly method: string;
  /** Scheme, host and port; http or https. */
  readonly origin: URL;
  /** Path and query. */
  readonly path: string;
  /** Names and values in turn, without hop-by-hop headers and `Host`. */
  readonly headers: readonly string[];
  readonly body: RequestBody;
  /** Seconds from the end of the request to the end of the response. */
  readonly deadline: number;
}

const CONNECT_TIMEOUT = 20_000;
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'te',
  'trailer',
  'upgrade',
];

/** Connections to backends, kept open between requests. */
export class Backends {
  readonly #http = new Agent({ keepAlive: true });
  readonly #https = new TlsAgent({ keepAlive: true });

  /**
   * Sends a request on and its response back, both streamed. A backend that cannot be reached or drops the
   * connection before it answers is tried once more.
   *
   * @throws Rejection 503 when it still does not answer, 504 past the deadline; nothing once the response has begun
   */
  async forward(request: BackendRequest, response: ServerResponse): Promise<void> {
    const first = await this.#attempt(request, response);
    if (first === 'done') return;
    const again = request.body.replayable ? await this.#attempt(request, response) : first;
    if (again === 'done') return;
    const retried = request.body.replayable ? 'retried and the latest reset reason' : 'reset reason';
    throw new Rejection(
      503,
      `upstream connect error or disconnect/reset before headers. ${retried}: ${again}`,
    );
  }

  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }

  /** @returns why there was no answer, in Envoy's words */
  async #attempt(
    { method, origin, path, headers, body, deadline }: BackendRequest,
    response: ServerResponse,
  ): Promise<'done' | string> {
    const tls = origin.protocol === 'https:';
    const upstream = (tls ? requestHttps : requestHttp)({
      agent: tls ? this.#https : this.#http,
      hostname: origin.hostname.replace(/^\[|\]$/g, ''),
      port: origin.port || undefined,
      method,
      path,
      headers: ['Host', origin.host, ...headers],
    });
    const exchange = new Exchange(upstream, response);
    const answered = exchange.run();
    try {
      await send(upstream, body);
    } catch (error) {
      exchange.abandon();
      if (error instanceof Rejection) throw error;
    }
    exchange.startDeadline(deadline);
    return answered;
  }
}

/** Whether a header is of one connection only, and so not passed on (RFC 9110, section 7.6.1). */
export function isHopByHop(name: string): boolean {
  return HOP_BY_HOP.includes(name.toLowerCase());
}

async function send(upstream: ClientRequest, body: RequestBody): Promise<void> {
  for await (const chunk of body.chunks()) {
    if (upstream.destroyed) return;
    if (!upstream.write(chunk)) await drained(upstream);
  }
  upstream.end();
}

/** One attempt, from connecting to the end of the response. */
class Exchange {
  readonly #upstream: ClientRequest;
  readonly #response: ServerResponse;
  #connected = false;
  #timer: NodeJS.Timeout | undefined;
  #late = false;
  #settled = false;

  constructor(upstream: ClientRequest, response: ServerResponse) {
    this.#upstream = upstream;
    this.#response = response;
  }

  run(): Promise<'done' | string> {
    const connecting = setTimeout(() => this.#upstream.destroy(), CONNECT_TIMEOUT);
    const gone = () => this.#upstream.destroy();
    this.#response.once('close', gone);
    this.#upstream.once('socket', (socket) => {
      const connected = () => {
        this.#connected = true;
        clearTimeout(connecting);
      };
      if (socket.connecting) socket.once('connect', connected);
      else connected();
    });
    return new Promise<'done' | string>((resolve, reject) => {
      this.#upstream.once('response', (incoming) => {
        void relay(incoming, this.#response).then(() => resolve('done'));
      });
      this.#upstream.on('error', (error: NodeJS.ErrnoException) => {
        if (this.#response.headersSent || this.#response.destroyed) resolve('done');
        else if (this.#late) reject(new Rejection(504, 'upstream request timeout'));
        else resolve(this.#reason(error));
      });
      // Destroying a request that never got a socket says nothing but `close`.
      this.#upstream.once('close', () => {
        if (this.#late && !this.#response.headersSent) reject(new Rejection(504, 'upstream request timeout'));
        else if (!this.#response.headersSent) resolve(this.#reason());
      });
    }).finally(() => {
      this.#settled = true;
      clearTimeout(connecting);
      clearTimeout(this.#timer);
      this.#response.off('close', gone);
    });
  }

  /** @param seconds until the response must have ended */
  startDeadline(seconds: number): void {
    if (this.#settled) return;
    this.#timer = setTimeout(() => {
      this.#late = true;
      this.#upstream.destroy();
      if (this.#response.headersSent) this.#response.destroy();
    }, seconds * 1000);
  }

  abandon(): void {
    this.#upstream.destroy();
  }

  #reason(error?: NodeJS.ErrnoException): string {
    if (this.#connected) return 'connection termination';
    if (!error?.code) return 'connection timeout';
    const cause = error.code === 'ECONNREFUSED' ? 'Connection refused' : error.message;
    return `remote connection failure, transport failure reason: delayed connect error: ${cause}`;
  }
}

async function relay(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const headers: string[] = [];
  for (let index = 0; index + 1 < incoming.rawHeaders.length; index += 2) {
    const [name = '', value = ''] = incoming.rawHeaders.slice(index, index + 2);
    if (!isHopByHop(name)) headers.push(name, value);
  }
  response.writeHead(incoming.statusCode ?? 502, incoming.statusMessage, headers);
  response.flushHeaders();
  try {
    for await (const chunk of incoming) {
      if (!response.write(chunk)) await drained(response);
    }
    response.end();
  } catch {
    // The status is sent: all that is left to tell the client is that the body is cut short.
    response.destroy();
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
