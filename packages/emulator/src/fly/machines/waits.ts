import type { Reply } from '../../kernel/http/call.ts';
import type { Route } from '../../kernel/http/route.ts';
import type { Context } from '../context.ts';
import { FlyError, invalid, notFound } from '../errors.ts';
import { type FlyCall, flaps } from '../route.ts';
import type { Machine } from './machine.ts';

/** Seconds. */
const LONGEST = 60;
const SETTLED = ['started', 'stopped', 'suspended', 'failed', 'destroyed'];

/** Waits on the server's side until a machine is in one of some states. */
export const waitRoutes: readonly Route<Context>[] = [
  flaps('GET', '/apps/{app}/machines/{machine}/wait', wait),
];

async function wait(call: FlyCall, cloud: Context): Promise<Reply> {
  const machine = call.machine('read');
  const { query } = call;
  const states = query.getAll('state').flatMap((state) => (state === 'settled' ? SETTLED : [state]));
  const seconds = Number(query.get('timeout') ?? LONGEST);
  if (!(seconds >= 1 && seconds <= LONGEST))
    throw invalid('invalid WaitMachineRequest.Timeout: value must be inside range [1s, 1m0s]');
  const version = query.get('version') ?? query.get('instance_id') ?? undefined;
  const from = query.get('from_event_id') ?? undefined;
  const wanted = { states: states.length > 0 ? states : ['started'], version, from };
  let late = false;
  const deadline = cloud.clock.wait(seconds * 1000).then(() => {
    late = true;
  });
  while (!reached(machine, wanted)) {
    // flyctl takes it for the end of a machine that was quicker than its question.
    if (machine.state === 'destroyed') throw notFound('machine');
    if (late) {
      const list = wanted.states.join(', ');
      throw new FlyError(
        408,
        `deadline_exceeded: machine failed to reach desired state, ${list}, currently ${machine.state}`,
      );
    }
    await Promise.race([machine.changed(), deadline]);
  }
  return {
    body: { ok: true, state: machine.state, event_id: machine.events[0]?.id, version: machine.instanceId },
  };
}

interface Wanted {
  readonly states: readonly string[];
  readonly version: string | undefined;
  /** Only what happened after this event counts. */
  readonly from: string | undefined;
}

function reached({ state, instanceId, events }: Machine, { states, version, from }: Wanted): boolean {
  if (version !== undefined && version !== instanceId && state !== 'destroyed') return false;
  if (states.includes(state) && (from === undefined || events[0]?.id !== from)) return true;
  const since =
    from === undefined
      ? []
      : events.slice(
          0,
          Math.max(
            0,
            events.findIndex(({ id }) => id === from),
          ),
        );
  return since.some(({ status }) => states.includes(status));
}
