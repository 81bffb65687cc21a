import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { ForwardError, forward } from '../../../kernel/http/forward.ts';
import { listen } from '../../../kernel/http/server.ts';
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

/** The listener behind a service's URL, which stays the same from revision to revision. */
export class Front {
  readonly #server: Server;
  readonly #admit: Admit;
  #backends: readonly Backend[] = [];

  private constructor(admit: Admit) {
    this.#admit = admit;
    this.#server = createServer({ requestTimeout: 0, keepAliveTimeout: KEEP_ALIVE }, (request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
  }

  /** @param admit asked at every request, so that a changed policy counts at once */
  static async open(admit: Admit): Promise<Front> {
    const front = new Front(admit);
    await listen(front.#server, 0);
    return front;
  }

  get uri(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Sends the requests from now on to these. */
  route(backends: readonly Backend[]): void {
    this.#backends = backends;
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '/').replace(/\?.*$/s, '');
    const admission = await this.#admit(request.headers);
    if ('status' in admission) return refuse(response, admission.status, path, admission.challenge);
    const backend = this.#pick();
    if (!backend) return refuse(response, 503, path);
    const to = { headers: admission.headers, timeout: backend.timeout };
    try {
      await forward(request, response, { ...to, port: await backend.port(false) });
    } catch (error) {
      if (response.headersSent) return void response.destroy();
      const reason = error instanceof ForwardError ? error.reason : 'unreachable';
      // The next request finds the instance running again; this one may have been sent already.
      if (reason === 'unreachable') await backend.port(true).catch(() => undefined);
      refuse(response, reason === 'timeout' ? 504 : 503, path);
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

function refuse(
  response: ServerResponse,
  status: 401 | 403 | 503 | 504,
  path: string,
  challenge?: string,
): void {
  const body = page(status, path);
  response.writeHead(status, {
    'content-type': 'text/html; charset=UTF-8',
    'content-length': Buffer.byteLength(body),
    ...(challenge && { 'www-authenticate': challenge }),
  });
  response.end(body);
}
