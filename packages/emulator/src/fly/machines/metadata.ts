import type { Reply } from '../../kernel/http/call.ts';
import type { Route } from '../../kernel/http/route.ts';
import type { Context } from '../context.ts';
import { invalid, notFound } from '../errors.ts';
import { body, type FlyCall, flaps } from '../route.ts';
import type { Machine } from './machine.ts';

const PATH = '/apps/{app}/machines/{machine}/metadata';

/** A machine's metadata, which changes without a new version of the machine. */
export const metadataRoutes: readonly Route<Context>[] = [
  flaps('GET', PATH, (call) => ({ body: call.machine('read').config.metadata ?? {} })),
  flaps('PATCH', PATH, patch),
  flaps('PUT', PATH, patch),
  flaps('GET', `${PATH}/{key}`, get),
  flaps('POST', `${PATH}/{key}`, set),
  flaps('DELETE', `${PATH}/{key}`, remove),
];

function get(call: FlyCall): Reply {
  const value = call.machine('read').config.metadata?.[call.params.key ?? ''];
  if (value === undefined) throw notFound('metadata key');
  return { body: { value } };
}

function set(call: FlyCall): Reply {
  const { value } = body<{ value?: unknown }>(call);
  if (typeof value !== 'string') throw invalid('value is required');
  return change(call.machine('write'), { [call.params.key ?? '']: value });
}

function remove(call: FlyCall): Reply {
  return change(call.machine('write'), { [call.params.key ?? '']: null });
}

function patch(call: FlyCall): Reply {
  const { metadata } = body<{ metadata?: Record<string, string | null> }>(call);
  if (!metadata) throw invalid('metadata is required');
  return change(call.machine('write'), metadata);
}

function change(machine: Machine, changes: Readonly<Record<string, string | null>>): Reply {
  const merged = Object.entries({ ...machine.config.metadata, ...changes });
  machine.amend({
    ...machine.config,
    metadata: Object.fromEntries(merged.filter((entry): entry is [string, string] => entry[1] !== null)),
  });
  return { status: 204 };
}
