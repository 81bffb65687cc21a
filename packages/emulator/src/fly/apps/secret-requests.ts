import type { Reply } from '../../kernel/http/call.ts';
import type { Route } from '../../kernel/http/route.ts';
import type { Context } from '../context.ts';
import { invalid, notFound } from '../errors.ts';
import { body, type FlyCall, flaps } from '../route.ts';

const SECRETS = '/apps/{app}/secrets';
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** An app's secrets. Their values come out only for who asks and may change them. */
export const secretRoutes: readonly Route<Context>[] = [
  flaps('GET', SECRETS, list),
  flaps('POST', SECRETS, update),
  flaps('GET', `${SECRETS}/{name}`, get),
  flaps('POST', `${SECRETS}/{name}`, set),
  flaps('DELETE', `${SECRETS}/{name}`, remove),
];

function list(call: FlyCall): Reply {
  return { body: { secrets: call.app(access(call)).secrets.shown(undefined, withValues(call)) } };
}

function get(call: FlyCall): Reply {
  const [secret] = call.app(access(call)).secrets.shown([call.params.name ?? ''], withValues(call));
  if (!secret) throw notFound('secret');
  return { body: secret };
}

/** Sets several at once; null takes one away. Machines see it when they are next updated. */
function update(call: FlyCall): Reply {
  const { values } = body<{ values?: Record<string, string | null> }>(call);
  if (!values || Object.keys(values).length === 0) throw invalid('values is required');
  return change(call, values);
}

function set(call: FlyCall): Reply {
  const { value } = body<{ value?: string }>(call);
  if (typeof value !== 'string') throw invalid('value is required');
  const { secrets } = call.app('write');
  const name = call.params.name ?? '';
  const { body: changed } = change(call, { [name]: value });
  return {
    status: 201,
    body: { ...secrets.shown([name])[0], version: (changed as { version: number }).version },
  };
}

function remove(call: FlyCall): Reply {
  const name = call.params.name ?? '';
  const { secrets } = call.app('write');
  if (!secrets.has(name)) throw notFound('secret');
  return { body: { version: secrets.update({ [name]: null }) } };
}

function change(call: FlyCall, values: Readonly<Record<string, string | null>>): Reply {
  const { secrets } = call.app('write');
  const wrong = Object.keys(values).find((name) => !NAME.test(name));
  if (wrong !== undefined) throw invalid(`secret name "${wrong}" is not valid`);
  const version = secrets.update(values);
  return { body: { secrets: secrets.shown(Object.keys(values)), version } };
}

function withValues(call: FlyCall): boolean {
  return call.query.get('show_secrets') === 'true';
}

function access(call: FlyCall): 'read' | 'write' {
  return withValues(call) ? 'write' : 'read';
}
