import { randomBytes } from 'node:crypto';
import type { Reply } from '../../kernel/http/call.ts';
import type { Route } from '../../kernel/http/route.ts';
import type { Context } from '../context.ts';
import { FlyError } from '../errors.ts';
import { body, type FlyCall, flaps } from '../route.ts';
import type { Token } from '../sign-in/token.ts';
import type { Lease, Machine } from './machine.ts';

const PATH = '/apps/{app}/machines/{machine}/lease';
const LONGEST = 86_400;

/** Leases: while one is held, only who knows its nonce may change the machine. */
export const leaseRoutes: readonly Route<Context>[] = [
  flaps('GET', PATH, show),
  flaps('POST', PATH, acquire),
  flaps('DELETE', PATH, release),
];

/** The lease that is held on a machine now. */
function leaseOf(cloud: Context, machine: Machine): Lease | undefined {
  return machine.lease && machine.lease.expires > cloud.clock.now() ? machine.lease : undefined;
}

/**
 * Lets only the holder of a machine's lease pass.
 * @throws FlyError 409
 */
export function requireLease(call: FlyCall, cloud: Context, machine: Machine): void {
  const lease = leaseOf(cloud, machine);
  if (lease && call.headers['fly-machine-lease-nonce'] !== lease.nonce) throw held(machine, lease);
}

/** Gives a machine's lease to who asked for it. */
export function grantLease(
  cloud: Context,
  machine: Machine,
  token: Token,
  seconds: number,
  description = '',
): Lease {
  const lease = {
    nonce: randomBytes(6).toString('hex'),
    owner: token.kind === 'user' ? token.name : `${token.id}@tokens.fly.io`,
    description,
    expires: cloud.clock.now() + seconds * 1000,
  };
  machine.lease = lease;
  return lease;
}

function show(call: FlyCall, cloud: Context): Reply {
  const machine = call.machine('read');
  const lease = leaseOf(cloud, machine);
  if (!lease) throw new FlyError(404, `machine ID ${machine.id} lease not found`);
  // The nonce is its holder's secret.
  return { body: { status: 'success', data: shown(machine, lease, false) } };
}

function acquire(call: FlyCall, cloud: Context): Reply {
  const machine = call.machine('write');
  if (!machine.active) throw new FlyError(404, 'machine not found');
  const { ttl, description } = body<{ ttl?: number; description?: string }>(call);
  const seconds = Number(call.query.get('ttl') ?? ttl ?? 0);
  if (!(seconds > 0 && seconds <= LONGEST))
    throw new FlyError(400, `invalid_argument: ttl must be between 1 and ${LONGEST} seconds`);
  const lease = leaseOf(cloud, machine);
  if (!lease)
    return {
      status: 201,
      body: {
        status: 'success',
        data: shown(machine, grantLease(cloud, machine, call.token, seconds, description), true),
      },
    };
  requireLease(call, cloud, machine);
  lease.expires = cloud.clock.now() + seconds * 1000;
  return { body: { status: 'success', data: shown(machine, lease, true) } };
}

function release(call: FlyCall, cloud: Context): Reply {
  const machine = call.machine('write');
  if (!leaseOf(cloud, machine)) throw new FlyError(404, `machine ID ${machine.id} lease not found`);
  requireLease(call, cloud, machine);
  machine.lease = undefined;
  return { body: { ok: true } };
}

function shown(
  machine: Machine,
  { nonce, owner, description, expires }: Lease,
  withNonce: boolean,
): Record<string, unknown> {
  return {
    ...(withNonce && { nonce }),
    expires_at: Math.floor(expires / 1000),
    owner,
    description,
    version: machine.instanceId,
  };
}

function held({ id }: Machine, { owner, expires }: Lease): FlyError {
  const until = new Date(expires).toISOString().replace(/\.\d+Z$/, 'Z');
  return new FlyError(409, `machine ID ${id} lease currently held by ${owner}, expires at ${until}`);
}
