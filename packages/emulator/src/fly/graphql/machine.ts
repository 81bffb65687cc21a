import { timestamp } from '../../kernel/clock.ts';
import type { Machine } from '../machines/machine.ts';

/**
 * A machine's fields, of which GraphQL has fewer than the Machines API.
 * @param app the fields of its app, for a query that asks for them
 */
export function shownMachine(machine: Machine, app: () => Record<string, unknown>): Record<string, unknown> {
  const { id, name, config, state, region, createdAt, privateIp } = machine;
  return {
    id,
    name,
    config,
    state,
    region,
    createdAt: timestamp(createdAt),
    app,
    ips: { nodes: [{ family: 'v6', kind: 'privatenet', ip: privateIp, maskSize: 112 }] },
    host: { id: 'local' },
  };
}

/** An app's services are what its machines are configured with. */
export function shownServices(machine: Machine | undefined): Record<string, unknown>[] {
  return (machine?.config.services ?? []).map(({ protocol, internal_port, ports }) => ({
    description: '',
    protocol: (protocol ?? 'tcp').toUpperCase(),
    internalPort: internal_port ?? 0,
    ports: (ports ?? []).map(({ port, handlers }) => ({
      port: port ?? null,
      handlers: (handlers ?? []).map((handler) => handler.toUpperCase()),
    })),
  }));
}
