import { EngineError } from '../../docker/connection.ts';
import type { Reply } from '../../kernel/http/call.ts';
import type { Route } from '../../kernel/http/route.ts';
import type { Context } from '../context.ts';
import { FlyError, invalid } from '../errors.ts';
import { body, type FlyCall, flaps } from '../route.ts';
import { milliseconds } from './config.ts';
import { requireLease } from './leases.ts';
import { inBackground, start, stop } from './lifecycle.ts';
import type { Machine } from './machine.ts';
import type { Run } from './run.ts';

const MACHINE = '/apps/{app}/machines/{machine}';
const OK = { body: { ok: true } };
const SIGNALS: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  9: 'SIGKILL',
  10: 'SIGUSR1',
  12: 'SIGUSR2',
  15: 'SIGTERM',
};

/** What can be done to a machine. */
export const machineActionRoutes: readonly Route<Context>[] = [
  flaps('POST', `${MACHINE}/start`, startMachine),
  flaps('POST', `${MACHINE}/stop`, stopMachine),
  flaps('POST', `${MACHINE}/restart`, restartMachine),
  flaps('POST', `${MACHINE}/suspend`, suspendMachine),
  flaps('POST', `${MACHINE}/signal`, signalMachine),
  flaps('POST', `${MACHINE}/exec`, execInMachine),
  flaps('POST', `${MACHINE}/cordon`, (call, cloud) => cordon(call, cloud, true)),
  flaps('POST', `${MACHINE}/uncordon`, (call, cloud) => cordon(call, cloud, false)),
  flaps('GET', `${MACHINE}/ps`, listProcesses),
  flaps('GET', `${MACHINE}/events`, (call) => ({ body: call.machine('read').events })),
  flaps('GET', `${MACHINE}/versions`, listVersions),
];

function startMachine(call: FlyCall, cloud: Context): Reply {
  const machine = leased(call, cloud);
  const previous = machine.state;
  if (previous === 'suspended' && machine.run) {
    inBackground(cloud, machine, machine.run.pause(false));
    machine.move('started', 'start', 'user');
  } else if (!['started', 'starting'].includes(previous)) {
    if (!['created', 'stopped', 'failed'].includes(previous))
      throw new FlyError(
        412,
        `failed_precondition: unable to start machine from current state: '${previous}'`,
      );
    machine.restarts = 0;
    start(cloud, machine, 'user');
  }
  return { body: { message: 'machine is starting', status: 'ok', previous_state: previous } };
}

function stopMachine(call: FlyCall, cloud: Context): Reply {
  const machine = leased(call, cloud);
  if (!['started', 'starting'].includes(machine.state)) return OK;
  const { signal, timeout } = body<{ signal?: string; timeout?: string | number }>(call);
  inBackground(
    cloud,
    machine,
    stop(cloud, machine, {
      ...(signal && { signal }),
      ...(timeout && { timeout: milliseconds(timeout, 0) }),
    }),
  );
  return OK;
}

async function restartMachine(call: FlyCall, cloud: Context): Promise<Reply> {
  const machine = leased(call, cloud);
  const signal = call.query.get('force_stop') === 'true' ? 'SIGKILL' : call.query.get('signal');
  const timeout = milliseconds(call.query.get('timeout') ?? undefined, 0);
  await stop(cloud, machine, { ...(signal && { signal }), ...(timeout && { timeout }) });
  if (machine.state === 'stopped') start(cloud, machine, 'user');
  return OK;
}

async function suspendMachine(call: FlyCall, cloud: Context): Promise<Reply> {
  const machine = leased(call, cloud);
  await running(machine).pause(true);
  machine.move('suspended', 'suspend', 'user');
  return OK;
}

async function signalMachine(call: FlyCall, cloud: Context): Promise<Reply> {
  const machine = leased(call, cloud);
  const { signal } = body<{ signal?: string | number }>(call);
  const name = typeof signal === 'number' ? SIGNALS[signal] : signal;
  if (!name || !Object.values(SIGNALS).includes(name)) throw invalid(`unknown signal ${signal}`);
  await running(machine).signal(name);
  return OK;
}

async function execInMachine(call: FlyCall): Promise<Reply> {
  const machine = call.machine('write');
  const { cmd, command, timeout } = body<{ cmd?: string; command?: readonly string[]; timeout?: number }>(
    call,
  );
  const words = command ?? (cmd ? ['/bin/sh', '-c', cmd] : []);
  if (words.length === 0) throw invalid('command is required');
  const { code, stdout, stderr } = await running(machine)
    .exec(words, timeout ?? 60)
    .catch((error) => {
      if (error instanceof EngineError) throw invalid(`failed to execute ${words[0]}: ${error.message}`);
      throw error;
    });
  return { body: { exit_code: code, exit_signal: 0, stdout, stderr } };
}

/** A cordoned machine gets no requests of the app's services. */
function cordon(call: FlyCall, cloud: Context, cordoned: boolean): Reply {
  const machine = leased(call, cloud);
  machine.cordoned = cordoned;
  machine.touch();
  return OK;
}

async function listProcesses(call: FlyCall): Promise<Reply> {
  return { body: await running(call.machine('read')).processes() };
}

function listVersions(call: FlyCall): Reply {
  const { versions } = call.machine('read');
  return {
    body: [...versions]
      .reverse()
      .map(({ instance_id, config }) => ({ version: instance_id, user_config: config })),
  };
}

function leased(call: FlyCall, cloud: Context): Machine {
  const machine = call.machine('write');
  if (!machine.active) throw new FlyError(404, 'machine not found');
  requireLease(call, cloud, machine);
  return machine;
}

function running({ run, state }: Machine): Run {
  if (!run) throw new FlyError(412, `failed_precondition: machine is not running, it is ${state}`);
  return run;
}
