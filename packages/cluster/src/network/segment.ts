import { randomBytes, randomInt } from 'node:crypto';
import { networkInterfaces } from 'node:os';

/** The addresses of one cluster, and how this machine is linked to them. */
export interface Segment {
  /** Name of this machine's end of the link. */
  readonly link: string;
  /** This machine's address on the link, at which nodes and pods find the API server. */
  readonly machine: string;
  /** Another one, at which pods find the local cloud, their name server and their metadata server. */
  readonly cloud: string;
  /** The node's. */
  readonly node: string;
  /** Bits of the network that these are in. */
  readonly bits: number;
  /** CIDR of the Services' addresses. */
  readonly services: string;
  /** The first of these, which is the API server's Service. */
  readonly kubernetes: string;
  /** CIDR of the pods' addresses. */
  readonly pods: string;
}

/** Clusters get a /22 each of 198.18.0.0/15, which is for tests of network devices (RFC 2544) and routed nowhere. */
const SEGMENTS = 128;

/**
 * Finds addresses for a cluster that no interface of this machine has.
 *
 * @param taken CIDRs of the interfaces
 * @throws Error when all are taken
 */
export function freeSegment(taken: readonly string[] = networksHere()): Segment {
  const first = randomInt(SEGMENTS);
  for (let tried = 0; tried < SEGMENTS; tried += 1) {
    const number = (first + tried) % SEGMENTS;
    if (!taken.some((cidr) => overlaps(cidr, number))) return segmentOf(number);
  }
  throw new Error(
    'No addresses are left in 198.18.0.0/15 for a cluster: interfaces of this machine have them all.',
  );
}

function networksHere(): string[] {
  return Object.values(networkInterfaces()).flatMap((each = []) => each.map(({ cidr }) => cidr ?? ''));
}

function segmentOf(number: number): Segment {
  const [second, third] = [18 + Math.floor(number / 64), (number % 64) * 4];
  const at = (offset: number, host: number) => `198.${second}.${third + offset}.${host}`;
  return {
    link: `gke-${randomBytes(4).toString('hex')}`,
    machine: at(0, 1),
    node: at(0, 2),
    cloud: at(0, 3),
    bits: 29,
    services: `${at(1, 0)}/24`,
    kubernetes: at(1, 1),
    pods: `${at(2, 0)}/23`,
  };
}

/** Whether an interface's network and a segment have addresses in common. */
function overlaps(cidr: string, number: number): boolean {
  const [address = '', bits = ''] = cidr.split('/');
  if (!/^\d+\.\d+\.\d+\.\d+$/.test(address)) return false;
  const own = numberOf(segmentOf(number).machine);
  // Both are in one network of the wider mask.
  const size = 2 ** (32 - Math.min(Number(bits), 22));
  return Math.floor(own / size) === Math.floor(numberOf(address) / size);
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}
