import type { Call, Reply } from '../../../kernel/http/call.ts';
import type { Context } from '../context.ts';
import { invalid } from '../errors.ts';
import { shownOperation } from './shown.ts';

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/**
 * The answer to a request whose `requestId` has begun an operation already: that operation
 * (https://cloud.google.com/compute/docs/api/how-tos/idempotency).
 *
 * @throws ComputeError for an id that is none, or was used for another request
 */
export function repeated(call: Call, cloud: Context): Reply | undefined {
  const id = call.query.get('requestId');
  if (id === null) return undefined;
  if (!UUID.test(id) || /^[0-]+$/.test(id))
    throw invalid('requestId', id, 'The request ID must be a valid UUID.');
  const known = cloud.compute.requests.get(id);
  if (!known) return undefined;
  if (known.asked !== askedBy(call))
    throw invalid('requestId', id, 'The request ID was already used for a different request.');
  return { body: shownOperation(cloud, known.operation) };
}

/** Keeps which operation a request has begun. */
export function remember(call: Call, cloud: Context, operation: string): void {
  const id = call.query.get('requestId');
  if (id !== null) cloud.compute.requests.set(id, { operation, asked: askedBy(call) });
}

function askedBy({ method, url, body }: Call): string {
  return `${method} ${url.pathname} ${body.toString('utf8')}`;
}
