import {
  Agent,
  type IncomingMessage,
  type RequestOptions,
  request as requestHttp,
  type ServerResponse,
} from 'node:http';
import { request as requestHttps, Agent as TlsAgent } from 'node:https';
import { RequestBody } from './body.ts';
import { Exchange } from './exchange.ts';
import { ForwardError } from './forward-error.ts';
import { endToEnd, framing, hasBody, misframed, originForm } from './framing.ts';
import { invite, offerOf } from './front.ts';

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

/** Milliseconds that a connection waits for its next request: less than a server keeps it open. */
const IDLE = 1000;
/** Methods that may be sent twice (RFC 9110, 9.2.2). */
const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);

/** The one way of requests on to what was deployed, and of answers back, both as they arrive. */
export class Forwarder {
  readonly #http: Agent;
  readonly #https: TlsAgent;

  constructor() {
    // A connection for each request would use up this machine's ports under load.
    const options = { keepAlive: true, timeout: IDLE };
    this.#http = new Agent(options);
    this.#https = new TlsAgent(options);
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
    const body = hasBody(request) ? new RequestBody(request, to.limit) : undefined;
    const attempt = () => this.#attempt(request, response, body, to);
    invite(request, response);
    try {
      await attempt();
    } catch (error) {
      const failed = error instanceof ForwardError && error.reason === 'unreachable';
      const isSafe = failed && error.kept && IDEMPOTENT.has(to.method ?? request.method ?? 'GET');
      if (!failed || !(to.again || isSafe) || body?.replayable === false) throw error;
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
    body: RequestBody | undefined,
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
    if (body) upstream.flushHeaders();
    return new Exchange(request, upstream, response).run(body, to);
  }
}
