import { setTimeout as sleep } from 'node:timers/promises';
import type { Api } from '../api.ts';
import { Doors } from './doors.ts';
import { type ServeMetadata, serveMetadata } from './metadata.ts';
import { serveNames } from './names.ts';
import { METADATA_PORT } from './node-network.ts';
import type { Segment } from './segment.ts';
import { openServices } from './services.ts';

/** What the network of a cluster leads to. */
export interface NetworkOptions {
  /** Port of 127.0.0.1 that pods find at ports 80 and 443 by the names of Google's APIs and registries. */
  readonly cloudPort: number;
  /** The issuer of the tokens of Kubernetes service accounts. */
  readonly issuer: string;
  readonly metadata: ServeMetadata;
}

/** Milliseconds in which the node must have linked itself with this machine. */
const PATIENCE = 30_000;

/**
 * Starts this machine's side of a cluster's network, once the node starts.
 *
 * @param server where the API server answers
 * @param check throws once the node has ended
 * @returns what stops it
 * @throws Error when the link is not there in time, or an address can't be listened at
 */
export async function startNetwork(
  api: Api,
  server: string,
  { machine, cloud, node }: Segment,
  { cloudPort, metadata }: NetworkOptions,
  check: () => Promise<void>,
): Promise<{ stop(): Promise<void> }> {
  const { hostname, port } = new URL(server);
  const local = { address: '127.0.0.1', port: cloudPort };
  const ways = [
    { address: machine, port: 443, to: { address: hostname, port: Number(port) || 443 } },
    { address: cloud, port: 80, to: local },
    { address: cloud, port: 443, to: local },
  ];
  const doors = new Doors();
  for (const deadline = Date.now() + PATIENCE; ; await sleep(50)) {
    const [error] = (await doors.set(ways)).values();
    if (!error) break;
    await check().catch((ended: Error) => {
      doors.close();
      throw ended;
    });
    if (Date.now() < deadline) continue;
    doors.close();
    throw new Error(`The network of the cluster's node does not come up: ${error.message}`, { cause: error });
  }
  const parts = [
    { stop: async () => doors.close() },
    await serveNames(api, cloud),
    await serveMetadata(api, { address: cloud, port: METADATA_PORT }, node, metadata),
    openServices(api, hostname, node),
  ];
  return {
    async stop() {
      for (const part of parts.reverse()) await part.stop();
    },
  };
}
