import { createServer, type Server, type Socket } from 'node:net';
import { pipeBoth } from '../../../../kernel/forward/tunnel.ts';
import { connectTo } from './way-in.ts';

/** What decides which ports of a machine are open. */
export interface Doors {
  /** The machine's external address, while it has one. */
  address(): string | undefined;
  /** The ports at which something in the machine listens. */
  listening(): Promise<ReadonlySet<number>>;
  /** Whether the firewall lets a client in. */
  allows(port: number): boolean;
  /** Told of a port that can't be opened on this machine, and by which it is reached instead. */
  moved(port: number, to: number, why: string): void;
}

interface Door {
  readonly server: Server;
  readonly address: string;
  readonly port: number;
  /** Where it really listens, on 127.0.0.1, if its own port could not be had. */
  readonly instead: number | undefined;
  /** Of its clients. */
  readonly sockets: ReadonlySet<Socket>;
}

/** Milliseconds between looks at what listens. */
const LOOK = 200;

/** What lets clients in: a listener at the external address of a machine for each port that it listens at, and that the firewall opens. */
export class Entrance {
  readonly #shared: string;
  readonly #doors: Doors;
  readonly #open = new Map<number, Door>();
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(shared: string, doors: Doors) {
    this.#shared = shared;
    this.#doors = doors;
  }

  /** Looks from now on. */
  async watch(): Promise<void> {
    if (this.#isClosed) return;
    await this.look().catch(() => undefined);
    if (!this.#isClosed) this.#timer = setTimeout(() => void this.watch(), LOOK).unref();
  }

  async look(): Promise<void> {
    const address = this.#doors.address();
    const listening = address === undefined ? new Set<number>() : await this.#doors.listening();
    if (this.#isClosed) return;
    for (const [port, door] of this.#open)
      if (door.address !== address || !listening.has(port) || !this.#doors.allows(port))
        this.#shut(port, door);
    for (const port of listening)
      if (address !== undefined && !this.#open.has(port) && this.#doors.allows(port))
        await this.#let(address, port);
  }

  /** The port on 127.0.0.1 that stands for one which could not be had. */
  insteadOf(port: number): number | undefined {
    return this.#open.get(port)?.instead;
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    for (const [port, door] of this.#open) this.#shut(port, door);
  }

  #shut(port: number, { server, sockets }: Door): void {
    this.#open.delete(port);
    server.close();
    for (const socket of sockets) socket.destroy();
  }

  async #let(address: string, port: number): Promise<void> {
    const sockets = new Set<Socket>();
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      void pipeBoth(socket, Buffer.alloc(0), connectTo(this.#shared, port), Buffer.alloc(0));
    });
    try {
      await listenAt(server, address, port);
      this.#open.set(port, { server, address, port, instead: undefined, sockets });
    } catch (error) {
      await listenAt(server, '127.0.0.1', 0);
      const { port: instead } = server.address() as { port: number };
      this.#open.set(port, { server, address, port, instead, sockets });
      this.#doors.moved(port, instead, error instanceof Error ? error.message : String(error));
    }
  }
}

function listenAt(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
