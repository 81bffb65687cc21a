import type { Call } from '../../../../kernel/http/call.ts';
import type { Operation } from '../../../../kernel/operations/operations.ts';
import type { Context } from '../../context.ts';
import { operationName } from '../path.ts';
import type { StoredService } from '../state.ts';
import type { Service } from '../types.ts';
import { deploy, type Written } from './deploy.ts';

export const SERVICE_TYPE = 'type.googleapis.com/google.cloud.run.v2.Service';

/** Starts the operation that makes it so; changes of one service wait for each other. */
export function carryOut(call: Call, cloud: Context, stored: StoredService, written: Written): Operation {
  const turn = stored.queue.then(() => deploy(stored, cloud, written));
  stored.queue = turn.catch(() => undefined);
  return cloud.operations.start({
    name: operationName(call),
    permission: 'run.operations.get',
    metadata: { '@type': SERVICE_TYPE, ...stored.resource },
    start: () => turn,
    work: () => ({ '@type': SERVICE_TYPE, ...stored.resource }),
  });
}

/** The operation of a request that was only to be checked. */
export function validated(call: Call, resource: Service): Operation {
  const whole = { '@type': SERVICE_TYPE, ...resource };
  return { name: operationName(call), metadata: whole, done: true, response: whole };
}
