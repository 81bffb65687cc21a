import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { listen } from '../../../kernel/http/server.ts';
import type { CompiledService } from '../import/compiled.ts';
import { Backends } from './backend.ts';
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
  readonly server: Server;
  readonly host: string;
  running: Running;
}

/** What gateways ask of what is around them, but for what the plane makes itself. */
type Needs = Omit<Surroundings, 'jwks' | 'backends'>;

const MAX_HEADERS = 60 * 1024;

/** The listeners of all gateways: one each on loopback, where it stays until the gateway is removed. */
export class GatewayPlane {
  readonly #listeners = new Map<string, Listener>();
  readonly #backends = new Backends();
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
    const surroundings = { ...this.#needs, jwks: new JwksCache(this.#needs), backends: this.#backends };
    const server = createServer({ maxHeaderSize: MAX_HEADERS }, (request, response) => {
      void answer(request, response, listener.running, surroundings);
    });
    await listen(server, 0);
    const listener: Listener = {
      server,
      host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
      running,
    };
    this.#listeners.set(gateway, listener);
    return listener.host;
  }

  /** Stops a gateway and cuts its connections. */
  async remove(gateway: string): Promise<void> {
    const listener = this.#listeners.get(gateway);
    if (!listener) return;
    this.#listeners.delete(gateway);
    listener.server.closeAllConnections();
    await new Promise<void>((resolve) => listener.server.close(() => resolve()));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#listeners.keys()].map((gateway) => this.remove(gateway)));
    this.#backends.close();
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
  response.writeHead(status, {
    ...headers,
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
  // A body nobody reads would keep the connection from its next request.
  request.resume();
}
