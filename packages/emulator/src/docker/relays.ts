import { type AddressInfo, connect, createServer, type Server } from 'node:net';

/**
 * Ports of 127.0.0.1 that lead to other containers' own addresses. Where the local cloud runs in a container itself, what an engine
 * publishes on the host's loopback is out of its reach, and the containers beside it are not.
 */
export class Relays {
  readonly #open = new Map<
    string,
    { readonly container: string; readonly server: Server; readonly port: Promise<number> }
  >();

  /** The port that leads to a container's. */
  to(container: string, address: string, port: number): Promise<number> {
    const key = `${container} ${address}:${port}`;
    const known = this.#open.get(key);
    if (known) return known.port;
    const server = createServer((client) => {
      const upstream = connect(port, address);
      client.pipe(upstream).pipe(client);
      for (const [one, other] of [
        [client, upstream],
        [upstream, client],
      ] as const) {
        one.on('error', () => other.destroy());
        one.once('close', () => other.destroy());
      }
    });
    server.unref();
    const listening = new Promise<number>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
    });
    this.#open.set(key, { container, server, port: listening });
    return listening;
  }

  /** Closes those of a container that is gone. */
  close(container: string): void {
    for (const [key, { container: owner, server }] of this.#open) {
      if (owner !== container) continue;
      server.close();
      this.#open.delete(key);
    }
  }
}
