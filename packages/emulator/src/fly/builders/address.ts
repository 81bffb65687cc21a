import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Ports of a remote builder: that of its Docker engine, and that of its own API. */
export const ENGINE_PORT = 2375;
export const API_PORT = 8080;
const TRIES = 8;

/**
 * An address of loopback where a remote builder can have its ports. flyctl takes the ports for granted and puts the address into
 * brackets, so an address of IPv4 is written as one of IPv6.
 *
 * @throws Error where all that were tried are taken
 */
export async function builderAddress(): Promise<string> {
  for (let tries = 0; tries < TRIES; tries++) {
    const address = `127.77.${randomInt(256)}.${randomInt(1, 255)}`;
    if (await areFree(address)) return `::ffff:${address}`;
  }
  // Where loopback is one address of IPv4, as on macOS.
  if (await areFree('::1')) return '::1';
  throw new Error(`the ports ${ENGINE_PORT} and ${API_PORT} are taken on all addresses of loopback`);
}

/** How this host listens at such an address. */
export function listenAddress(address: string): string {
  return address.replace(/^::ffff:/, '');
}

async function areFree(address: string): Promise<boolean> {
  return (await isFree(address, ENGINE_PORT)) && isFree(address, API_PORT);
}

function isFree(address: string, port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, address, () => server.close(() => resolve(true)));
  });
}
