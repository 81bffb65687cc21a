import type { Machines } from './machines.ts';

/** Machines that are only said to run. */
export function simulatedMachines(): Machines {
  const nothing = async () => undefined;
  return {
    boot: () => undefined,
    halt: nothing,
    reset: nothing,
    remove: nothing,
    changed: () => undefined,
    serial: () => ({ first: 0, bytes: Buffer.from('The local cloud only simulates this machine.\n') }),
    probe: async () => true,
    guestAttributes: () => new Map(),
    front: { find: () => undefined },
    remains: [],
    close: nothing,
  };
}
