import type { IncomingMessage, ServerResponse } from 'node:http';
import { Forwarder } from '../../kernel/forward/forward.ts';
import { ForwardError } from '../../kernel/forward/forward-error.ts';
import { closeAfter, type Front, openFront, type Watch } from '../../kernel/forward/front.ts';
import type { Listening } from '../../kernel/forward/listening.ts';
import type { App } from '../apps/app.ts';
import type { Machine } from '../machines/machine.ts';

const TIMEOUT = 60_000;
/** Milliseconds a request waits for a machine that has to be started first. */
const PATIENCE = 10_000;

/** What answers for an app's `https://APP.fly.dev`: a listener on loopback that balances over its machines. */
export class AppFront {
  readonly #app: App;
  readonly #wake: (machine: Machine) => void;
  readonly #forwarder = new Forwarder();
  #listener!: Front;
  #turn = 0;

  private constructor(app: App, wake: (machine: Machine) => void) {
    this.#app = app;
    this.#wake = wake;
  }

  /**
   * @param wake starts a machine that a request needs
   * @param report told of each request
   * @param port 0 takes a free one
   */
  static async open(
    app: App,
    wake: (machine: Machine) => void,
    { listening, report }: { readonly listening: Listening; readonly report: Watch['report'] },
    port = 0,
  ): Promise<AppFront> {
    const front = new AppFront(app, wake);
    front.#listener = await openFront(
      (request, response) =>
        front
          .#answer(request, response)
          .catch((error: unknown) => refuse(request, response, statusOf(error))),
      listening,
      { watch: { by: `fly/${app.name}`, report } },
      port,
    );
    return front;
  }

  get port(): number {
    return this.#listener.port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  close(): Promise<void> {
    return this.#listener.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // Which of several services is meant, the port of the host tells.
    const external = Number(/:(\d+)$/.exec(request.headers.host ?? '')?.[1] ?? 0);
    const machine = this.#pick() ?? (await this.#woken());
    if (!machine) return refuse(request, response, 503);
    const internal = serviceOf(machine, external)?.internal_port ?? 0;
    const port = machine.run?.port(internal);
    response.setHeader('fly-request-id', `${Date.now()}-${machine.region}`);
    response.setHeader('server', 'Fly/local');
    // A machine that is only simulated has nothing that could answer.
    if (port === undefined) return void response.end(`simulated machine ${machine.id}\n`);
    await this.#forwarder.forward(request, response, {
      origin: new URL(`http://127.0.0.1:${port}`),
      host: request.headers.host ?? '',
      headers: proxied(request, machine),
      begin: TIMEOUT,
    });
  }

  /** The next machine that serves: started, not cordoned, no check failing. */
  #pick(): Machine | undefined {
    const serving = [...this.#app.machines.values()].filter(
      (machine) =>
        machine.state === 'started' &&
        machine.run &&
        !machine.cordoned &&
        serviceOf(machine) &&
        machine.checks.every(({ status }) => status === 'passing'),
    );
    this.#turn += 1;
    return serving[this.#turn % serving.length];
  }

  /** Starts a machine that may be started by a request. */
  async #woken(): Promise<Machine | undefined> {
    const asleep = [...this.#app.machines.values()].find(
      (machine) => machine.state === 'stopped' && !machine.cordoned && serviceOf(machine)?.autostart,
    );
    if (asleep) this.#wake(asleep);
    const deadline = Date.now() + (asleep ? PATIENCE : 0);
    while (Date.now() < deadline) {
      const machine = this.#pick();
      if (machine) return machine;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return undefined;
  }
}

/** The service of a machine that is asked at a port of the app; where none is named the one that speaks HTTP, else its first. */
export function serviceOf({ config }: Machine, external = 0) {
  const open = config.services?.filter(({ ports = [] }) => ports.length > 0) ?? [];
  const web = open.find(({ ports = [] }) => ports.some(({ handlers = [] }) => handlers.includes('http')));
  return open.find(({ ports = [] }) => ports.some(({ port }) => port === external)) ?? web ?? open[0];
}

/** The headers of a request as Fly Proxy passes it on (https://fly.io/docs/networking/request-headers/). */
function proxied({ rawHeaders, headers, socket }: IncomingMessage, { region }: Machine): string[] {
  const client = socket.remoteAddress ?? '127.0.0.1';
  const own = {
    'fly-client-ip': client,
    'fly-region': region,
    'x-forwarded-for': [headers['x-forwarded-for'], client].filter(Boolean).join(', '),
    'x-forwarded-proto': 'https',
  };
  const kept = rawHeaders.flatMap((name, index) =>
    index % 2 === 1 || Object.hasOwn(own, name.toLowerCase()) ? [] : [name, rawHeaders[index + 1] ?? ''],
  );
  return [...kept, ...Object.entries(own).flat()];
}

function statusOf(error: unknown): number {
  if (!(error instanceof ForwardError)) return 503;
  if (error.reason === 'misframed') return Number(error.detail);
  return error.reason === 'timeout' ? 504 : 503;
}

function refuse(request: IncomingMessage, response: ServerResponse, status: number): void {
  if (response.headersSent) return void response.destroy();
  closeAfter(request, response);
  response.writeHead(status, { 'content-type': 'text/plain' });
  response.end();
  request.resume();
}
