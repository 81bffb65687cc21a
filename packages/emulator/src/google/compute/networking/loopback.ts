import { randomInt } from 'node:crypto';
import type { ComputeState, Resource } from '../state.ts';

/**
 * An address of 127.0.0.0/8 that nothing of the project has: what is public on the real Compute Engine is reached on this machine alone here.
 * Clouds that run beside each other take theirs at random.
 */
export function freeAddress(compute: ComputeState): string {
  const taken = new Set([
    ...compute.everywhere('addresses').map(({ address }) => address),
    ...compute.everywhere('instances').map((instance) => externalAddressOf(instance)),
  ]);
  for (;;) {
    const address = `127.${randomInt(64, 250)}.${randomInt(0, 256)}.${randomInt(1, 255)}`;
    if (!taken.has(address)) return address;
  }
}

/** The external address of an instance, while it has one. */
export function externalAddressOf({ networkInterfaces }: Resource): string | undefined {
  const [first] = (networkInterfaces ?? []) as readonly NetworkInterface[];
  return first?.accessConfigs?.[0]?.natIP;
}

/** An interface as an instance shows it. */
export interface NetworkInterface {
  readonly kind: string;
  readonly name: string;
  readonly network: string;
  readonly subnetwork: string;
  readonly networkIP: string;
  readonly stackType: string;
  readonly fingerprint: string;
  readonly accessConfigs?: readonly AccessConfig[];
}

export interface AccessConfig {
  readonly kind: string;
  readonly type: string;
  readonly name: string;
  /** Undefined while an instance with an ephemeral address doesn't run. */
  readonly natIP?: string;
  readonly networkTier: string;
  /** Whether the address is a reserved one, which it keeps while it doesn't run; not shown. */
  readonly isReserved?: boolean;
}
