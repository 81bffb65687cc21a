import { randomBytes } from 'node:crypto';
import { timestamp } from '../../kernel/clock.ts';
import type { Reply } from '../../kernel/http/call.ts';
import type { Route } from '../../kernel/http/route.ts';
import type { Context } from '../context.ts';
import { invalid, notFound } from '../errors.ts';
import { body, type FlyCall, flaps } from '../route.ts';
import type { App } from './app.ts';
import type { IpAssignment } from './app-record.ts';

const ADDRESSES = '/apps/{app}/ip_assignments';

/** The addresses of an app. */
export const ipAssignmentRoutes: readonly Route<Context>[] = [
  flaps('GET', ADDRESSES, (call) => ({ body: { ips: call.app('read').ips } })),
  flaps('POST', ADDRESSES, assign),
  flaps('DELETE', '/apps/{app}/ip_assignments/{address=**}', remove),
];

function assign(call: FlyCall, cloud: Context): Reply {
  const app = call.app('write');
  const {
    type = '',
    region,
    service_name,
  } = body<{ type?: string; region?: string; service_name?: string }>(call);
  return { body: assignAddress(cloud, app, type, region, service_name) };
}

/**
 * Gives an app an address, or the one of this type that it has where there can be but one.
 * @throws FlyError 400 for a type that there is not
 */
export function assignAddress(
  cloud: Context,
  app: App,
  type: string,
  region?: string,
  service?: string,
): IpAssignment {
  const address = addressOf(type, app);
  const before = app.ips.find(({ ip }) => ip === address);
  if (before) return before;
  const assignment: IpAssignment = {
    ip: address,
    type,
    region: region || (type === 'private_v6' ? '' : 'global'),
    service_name: service ?? '',
    shared: type === 'shared_v4',
    created_at: timestamp(cloud.clock.now()),
  };
  app.ips.push(assignment);
  return assignment;
}

function remove(call: FlyCall): Reply {
  const { ips } = call.app('write');
  const index = ips.findIndex(({ ip }) => ip === call.params.address);
  if (index < 0) throw notFound('ip address');
  ips.splice(index, 1);
  return { status: 204 };
}

/** Addresses of the ranges for documentation (RFC 5737, RFC 3849), and of Fly.io's own private one. */
function addressOf(type: string, { numericId }: App): string {
  const tail = randomBytes(2).toString('hex');
  if (type === 'v4') return `203.0.113.${(numericId % 250) + 1}`;
  if (type === 'shared_v4') return '198.51.100.1';
  if (type === 'v6') return `2001:db8::${numericId.toString(16)}:${tail}`;
  if (type === 'private_v6') return `fdaa:0:1:0:1::${tail}`;
  throw invalid(`unknown type of address "${type}"`);
}
