import type { Server } from 'node:net';
import type { PortRange } from './port-range.ts';

/** Where the local cloud listens, for itself and in front of what is deployed. */
export interface Listening {
  /** An address of this machine. */
  readonly address: string;
  /** Ports in front of what is deployed; without them, free ones. */
  readonly ports?: PortRange;
}

/** On this machine alone, at free ports. */
export const LOOPBACK: Listening = { address: '127.0.0.1' };

/** In a container that publishes its ports: on all of its addresses, at the ports that it publishes. */
export function publishedOn(ports: PortRange): Listening {
  return { address: '0.0.0.0', ports };
}

/** Listens at a port; 0 takes a free one. Rejects when the port is taken. */
export function listenAt(server: Server, { address }: Listening, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/**
 * Listens at a port in front of what is deployed.
 *
 * @throws Error when all of them are taken
 */
export async function listenInFront(server: Server, listening: Listening): Promise<void> {
  const { ports } = listening;
  if (!ports) return listenAt(server, listening, 0);
  for (let port = ports.first; port <= ports.last; port += 1) {
    try {
      return await listenAt(server, listening, port);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
  }
  throw new Error(
    `All ports from ${ports.first} to ${ports.last} are taken by what was deployed. Publish more of them, or delete services and gateways.`,
  );
}
