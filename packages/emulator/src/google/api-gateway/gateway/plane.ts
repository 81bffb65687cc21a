import type { IncomingMessage, ServerResponse } from 'node:http';
import type { IdTokens } from '../../../contracts.ts';
import { Forwarder } from '../../../kernel/forward/forward.ts';
import { closeAfter, type Front, openFront } from '../../../kernel/forward/front.ts';
import type { Listening } from '../../../kernel/forward/listening.ts';
import { linger } from '../../../kernel/http/request-body.ts';
import type { Ports } from '../../../kernel/ports.ts';
import type { CompiledService } from '../import/compiled.ts';
import { BackendTokens } from './backend-tokens.ts';
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
type Needs = Omit<Surroundings, 'jwks' | 'forwarder' | 'backendTokens'> & {
  readonly idTokens: IdTokens;
  readonly listening: Listening;
  readonly ports: Ports;
};

const MAX_HEADERS = 60 * 1024;

/** The listeners of all gateways: one each on loopback, where it stays until the gateway is removed. */
export class GatewayPlane {
  readonly #listeners = new Map<string, Listener>();
  readonly #forwarder = new Forwarder();
  readonly #backendTokens: BackendTokens;
  readonly #needs: Needs;

  constructor(needs: Needs) {
    this.#needs = needs;
    this.#backendTokens = new BackendTokens(needs);
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
    const surroundings = {
      ...this.#needs,
      jwks: new JwksCache(this.#needs),
      forwarder: this.#forwarder,
      backendTokens: this.#backendTokens,
    };
    const { ports, listening, report } = this.#needs;
    const watch = { by: `api-gateway/${gateway.split('/').at(-1)}`, report };
    const front = await ports.open(`gateway ${gateway}`, (port) =>
      openFront(
        (request, response) => void answer(request, response, listener.running, surroundings),
        listening,
        { maxHeaderSize: MAX_HEADERS, watch },
        port,
      ),
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
  const text = request.method === 'HEAD' ? '' : body;
  if (request.complete || isHeldBack(request)) {
    response.end(text);
    // A body nobody reads would keep the connection from its next request.
    request.resume();
    return;
  }
  response.write(text);
  void linger(request).then(() => response.end());
}

/** Whether a client waits to be asked for its body. */
function isHeldBack({ headers }: IncomingMessage): boolean {
  return headers.expect !== undefined;
}
