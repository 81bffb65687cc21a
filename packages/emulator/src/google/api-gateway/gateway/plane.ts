import type { IncomingMessage, ServerResponse } from 'node:http';
import { Forwarder } from '../../../kernel/forward/forward.ts';
import { closeAfter, type Front, openFront } from '../../../kernel/forward/front.ts';
import type { CompiledService } from '../import/compiled.ts';
import { type Running, serveRequest } from './filters.ts';
import { JwksCache } from './jwt/jwks.ts';
import { Rejection } from './rejection.ts';
import { RouteTable } from './routing/route-table.ts';
import type { Surroundings } from './surroundings.ts';

/** What a gateway is to run. */
export interface Deployment {
  readonly service: CompiledService;
  readonly managedService: string;
  /** E-mail of the account backends are called as. */
  readonly serviceAccount: string;
}

interface Listener {
  readonly front: Front;
  readonly host: string;
  running: Running;
}

/** What gateways ask of what is around them, but for what the plane makes itself. */
type Needs = Omit<Surroundings, 'jwks' | 'forwarder'>;

const MAX_HEADERS = 60 * 1024;

/** The listeners of all gateways: one each on loopback, where it stays until the gateway is removed. */
export class GatewayPlane {
  readonly #listeners = new Map<string, Listener>();
  readonly #forwarder = new Forwarder({ keepAlive: true });
  readonly #needs: Needs;

  constructor(needs: Needs) {
    this.#needs = needs;
  }

  /**
   * Starts a gateway, or gives a running one its new routes between two requests.
   * @param gateway full name
   * @returns its host and port, the same for every later deployment
   */
  async deploy(gateway: string, { service, managedService, serviceAccount }: Deployment): Promise<string> {
    const running: Running = { table: new RouteTable(service), managedService, serviceAccount };
    const known = this.#listeners.get(gateway);
    if (known) {
      known.running = running;
      return known.host;
    }
    const surroundings = { ...this.#needs, jwks: new JwksCache(this.#needs), forwarder: this.#forwarder };
    const front = await openFront(
      (request, response) => void answer(request, response, listener.running, surroundings),
      {
        maxHeaderSize: MAX_HEADERS,
        watch: { by: `api-gateway/${gateway.split('/').at(-1)}`, report: this.#needs.report },
      },
    );
    const listener: Listener = { front, host: `127.0.0.1:${front.port}`, running };
    this.#listeners.set(gateway, listener);
    return listener.host;
  }

  /** Stops a gateway and cuts its connections. */
  async remove(gateway: string): Promise<void> {
    const listener = this.#listeners.get(gateway);
    if (!listener) return;
    this.#listeners.delete(gateway);
    await listener.front.close();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#listeners.keys()].map((gateway) => this.remove(gateway)));
    this.#forwarder.close();
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  running: Running,
  surroundings: Surroundings,
): Promise<void> {
  try {
    await serveRequest(request, response, running, surroundings);
  } catch (error) {
    reject(
      request,
      response,
      error instanceof Rejection ? error : new Rejection(500, `Internal Server Error: ${error}`),
    );
  }
}

function reject(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: Rejection,
): void {
  if (response.headersSent) return void response.destroy();
  closeAfter(request, response);
  response.writeHead(status, {
    ...headers,
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
  // A body nobody reads would keep the connection from its next request.
  request.resume();
}
