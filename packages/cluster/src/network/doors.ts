import { connect, createServer, type Server, type Socket } from 'node:net';

/** A place at which something listens. */
export interface Place {
  readonly address: string;
  readonly port: number;
}

/** What is listened at, and where it leads. */
export interface Door extends Place {
  readonly to: Place;
  /** Whether a client's address may come in; default: every one. */
  readonly admits?: (address: string) => boolean;
}

interface Open {
  door: Door;
  readonly server: Server;
  readonly sockets: Set<Socket>;
}

/** Listeners of this machine that pass TCP connections on. */
export class Doors {
  readonly #open = new Map<string, Open>();

  /**
   * Opens what is to be open, and shuts everything else with its connections.
   *
   * @returns why those failed that could not be opened, by `ADDRESS:PORT`
   */
  async set(doors: readonly Door[]): Promise<ReadonlyMap<string, Error>> {
    const failed = new Map<string, Error>();
    const wanted = new Map(doors.map((door) => [keyOf(door), door]));
    for (const [key, open] of this.#open) {
      const door = wanted.get(key);
      if (door) open.door = door;
      else this.#shut(key, open);
    }
    for (const [key, door] of wanted)
      if (!this.#open.has(key)) await this.#let(key, door).catch((error: Error) => failed.set(key, error));
    return failed;
  }

  close(): void {
    for (const [key, open] of this.#open) this.#shut(key, open);
  }

  async #let(key: string, door: Door): Promise<void> {
    const open: Open = { door, sockets: new Set(), server: createServer({ allowHalfOpen: true }) };
    open.server.on('connection', (socket) => pass(socket, open));
    await new Promise<void>((resolve, reject) => {
      open.server.once('error', reject);
      open.server.listen(door.port, door.address, resolve);
    });
    this.#open.set(key, open);
  }

  #shut(key: string, { server, sockets }: Open): void {
    this.#open.delete(key);
    server.close();
    for (const socket of sockets) socket.destroy();
  }
}

export function keyOf({ address, port }: Place): string {
  return `${address}:${port}`;
}

function pass(socket: Socket, { door: { to, admits }, sockets }: Open): void {
  if (admits && !admits(socket.remoteAddress ?? '')) {
    socket.destroy();
    return;
  }
  const upstream = connect({ host: to.address, port: to.port, allowHalfOpen: true });
  for (const [one, other] of [
    [socket, upstream],
    [upstream, socket],
  ] as const) {
    sockets.add(one);
    one.on('error', () => other.destroy());
    one.once('close', () => {
      sockets.delete(one);
      if (!one.readableEnded) other.destroy();
    });
    one.pipe(other);
  }
}
