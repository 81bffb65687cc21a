import type { Call, Reply } from '../../../kernel/http/call.ts';
import type { Context } from '../context.ts';
import { ComputeError, invalid } from '../errors.ts';
import { KINDS } from '../resources/kinds.ts';
import { resourceOf } from '../resources/resource.ts';

/** Bytes of serial output in one answer (https://cloud.google.com/compute/docs/troubleshooting/viewing-serial-port-output). */
const MOST = 1024 * 1024;

/** What an instance has written to a serial port, from a byte on; by a negative number, so many bytes at the end. */
export function serialPortOutput(call: Call, cloud: Context): Reply {
  const { path, resource } = resourceOf(call, cloud, KINDS.instance);
  const port = Number(call.query.get('port') ?? 1);
  if (port < 1 || port > 4) throw invalid('port', String(port), 'Port must be between 1 and 4, inclusive.');
  const { first, bytes } = port === 1 ? cloud.machines.serial(path) : { first: 0, bytes: Buffer.alloc(0) };
  const end = first + bytes.length;
  const asked = Number(call.query.get('start') ?? Math.max(first, end - MOST));
  const start = Math.min(Math.max(asked < 0 ? end + asked : asked, first), end);
  const next = Math.min(end, start + MOST);
  return {
    body: {
      kind: 'compute#serialPortOutput',
      selfLink: `${resource.selfLink}/serialPort?port=${port}`,
      contents: bytes.toString('latin1', start - first, next - first),
      start: String(start),
      next: String(next),
    },
  };
}

/** What an instance has said of itself (https://cloud.google.com/compute/docs/metadata/manage-guest-attributes). */
export function guestAttributes(call: Call, cloud: Context): Reply {
  const { path, resource } = resourceOf(call, cloud, KINDS.instance);
  const queryPath = call.query.get('queryPath') ?? '';
  const variableKey = call.query.get('variableKey') ?? undefined;
  const asked = variableKey ?? queryPath;
  const [namespace, key = ''] = asked.split('/');
  const all = cloud.machines.guestAttributes(path);
  const items = [...all]
    .map(([name, value]) => ({
      namespace: name.split('/')[0] ?? '',
      key: name.split('/').slice(1).join('/'),
      value,
    }))
    .filter((one) => !namespace || (one.namespace === namespace && (key === '' || one.key === key)))
    .sort((one, other) => (one.key < other.key ? -1 : 1));
  if (items.length === 0)
    throw new ComputeError('NOT_FOUND', `The resource '${asked}' of type 'Guest Attribute' was not found.`, {
      ...{ reason: 'notFound', code: 'RESOURCE_NOT_FOUND' },
    });
  return {
    body: {
      kind: 'compute#guestAttributes',
      ...(variableKey === undefined
        ? { queryPath, queryValue: { items } }
        : { variableKey, variableValue: items[0]?.value }),
      selfLink: `${resource.selfLink}/guestAttributes/${queryPath}`,
    },
  };
}
