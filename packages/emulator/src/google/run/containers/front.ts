import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { Forwarder } from '../../../kernel/forward/forward.ts';
import { ForwardError } from '../../../kernel/forward/forward-error.ts';
import { closeAfter, type Front as Listener, openFront, type Watch } from '../../../kernel/forward/front.ts';
import { type Listening, LOOPBACK } from '../../../kernel/forward/listening.ts';
import { serviceHeaders } from './headers.ts';
import type { Admission } from './invoker.ts';
import { page } from './pages.ts';

/** Where a share of the requests goes. */
export interface Backend {
  /** Share of 100. */
  readonly percent: number;
  /** Milliseconds. */
  readonly timeout: number;
  /** The port on 127.0.0.1 of an instance that runs; starts it again when it has ended. */
  port(again: boolean): Promise<number>;
}

/** Decides whether a request may pass. */
export type Admit = (headers: IncomingHttpHeaders) => Promise<Admission>;

/** Milliseconds an idle connection stays, as long as at Google's front end: a gateway that reuses one finds it open. */
const KEEP_ALIVE = 620_000;

/** Bytes of a request's body by HTTP/1 (https://cloud.google.com/run/quotas#request_limits). */
const MAX_BYTES = 32 * 1024 * 1024;

/** The listener behind a service's URL, which stays the same from revision to revision. */
export class Front {
  readonly #admit: Admit;
  readonly #forwarder = new Forwarder();
  #listener!: Listener;
  #backends: readonly Backend[] = [];

  private constructor(admit: Admit) {
    this.#admit = admit;
  }

  /**
   * @param admit asked at every request, so that a changed policy counts at once
   * @param port 0 takes a free one
   */
  static async open(admit: Admit, listening: Listening = LOOPBACK, port = 0, watch?: Watch): Promise<Front> {
    const front = new Front(admit);
    front.#listener = await openFront(
      (request, response) => front.#answer(request, response).catch(() => response.destroy()),
      listening,
      { keepAliveTimeout: KEEP_ALIVE, watch },
      port,
    );
    return front;
  }

  get port(): number {
    return this.#listener.port;
  }

  get uri(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Sends the requests from now on to these. */
  route(backends: readonly Backend[]): void {
    this.#backends = backends;
  }

  close(): Promise<void> {
    return this.#listener.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '/').replace(/\?.*$/s, '');
    const admission = await this.#admit(request.headers);
    const turnDown = (status: Refused, challenge?: string) =>
      refuse(request, response, status, path, challenge);
    if ('status' in admission) return turnDown(admission.status, admission.challenge);
    const backend = this.#pick();
    if (!backend) return turnDown(503);
    try {
      await this.#forwarder.forward(request, response, {
        origin: new URL(`http://127.0.0.1:${await backend.port(false)}`),
        host: request.headers.host ?? '',
        headers: serviceHeaders(request, admission.replaced),
        begin: backend.timeout,
        limit: MAX_BYTES,
      });
    } catch (error) {
      if (response.headersSent) return void response.destroy();
      const isGone = !(error instanceof ForwardError) || error.reason === 'unreachable';
      // The next request finds the instance running again; this one may have been sent already.
      if (isGone) await backend.port(true).catch(() => undefined);
      turnDown(statusOf(error));
    }
  }

  #pick(): Backend | undefined {
    let left = Math.random() * 100;
    for (const backend of this.#backends) {
      left -= backend.percent;
      if (left < 0) return backend;
    }
    return undefined;
  }
}

type Refused = Parameters<typeof page>[0];

function statusOf(error: unknown): Refused {
  if (!(error instanceof ForwardError)) return 503;
  if (error.reason === 'misframed') return error.detail === '501' ? 501 : 400;
  return ({ unreachable: 503, timeout: 504, 'too-large': 413 } as const)[error.reason];
}

function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  status: Refused,
  path: string,
  challenge?: string,
): void {
  const body = page(status, path);
  closeAfter(request, response);
  response.writeHead(status, {
    'content-type': 'text/html; charset=UTF-8',
    'content-length': Buffer.byteLength(body),
    ...(challenge && { 'www-authenticate': challenge }),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
  // A body nobody reads would keep the connection from its next request.
  request.resume();
}
