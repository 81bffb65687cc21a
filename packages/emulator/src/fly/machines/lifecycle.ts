import { setTimeout as sleep } from 'node:timers/promises';
import { writeLog } from '../apps/log.ts';
import type { Context } from '../context.ts';
import { watchChecks } from './checks.ts';
import { groupOf, milliseconds } from './config.ts';
import type { Machine } from './machine.ts';
import type { Exit, Run } from './run.ts';

/** What Fly.io sends, and how long it waits, where `stop_config` says nothing. */
const STOP_SIGNAL = 'SIGINT';
const STOP_TIMEOUT = 5000;
/** How often a machine that failed is started again where `restart` says nothing. */
const MAX_RETRIES = 10;
const FIRST_BACKOFF = 100;

/** How a machine is asked to end. */
export interface Halt {
  readonly signal?: string;
  /** Milliseconds until SIGKILL. */
  readonly timeout?: number;
}

/** Starts a machine; what becomes of it shows in its state. */
export function start(cloud: Context, machine: Machine, source: 'flyd' | 'user'): void {
  machine.move('starting', 'start', source);
  void run(cloud, machine);
}

/** Lets something happen to a machine that nobody waits for; what goes wrong is written into its log. */
export function inBackground(cloud: Context, machine: Machine, work: Promise<void>): void {
  work.catch((error) => {
    writeLog(cloud, machine, error instanceof Error ? error.message : String(error), 'runner', 'error');
  });
}

/** Ends a machine's run and leaves it stopped. */
export async function stop(cloud: Context, machine: Machine, halt: Halt): Promise<void> {
  const ended = detach(machine);
  machine.move('stopping', 'stop', 'user');
  const exit = await end(ended, machine, halt);
  if (machine.state === 'stopping') stopped(cloud, machine, exit, { requested: true, restarting: false });
  if (machine.config.auto_destroy) destroyed(cloud, machine);
}

/** Ends what runs of a machine and starts its newest configuration. */
export async function replace(cloud: Context, machine: Machine, launch: boolean): Promise<void> {
  const ended = detach(machine);
  const { instanceId } = machine;
  machine.move('replacing', 'update', 'user');
  machine.restarts = 0;
  await end(ended, machine, {});
  // Another update may have come in between; it goes on from here.
  if (machine.state !== 'replacing' || machine.instanceId !== instanceId) return;
  machine.move('created', 'launch', 'user');
  if (launch) start(cloud, machine, 'flyd');
  else machine.move('stopped', 'launch', 'flyd');
}

/** Ends a machine for good. */
export async function destroy(cloud: Context, machine: Machine, force: boolean): Promise<void> {
  const ended = detach(machine);
  machine.move('destroying', 'destroy', 'user');
  await end(ended, machine, force ? { signal: 'SIGKILL' } : {});
  destroyed(cloud, machine);
}

async function run(cloud: Context, machine: Machine): Promise<void> {
  const { instanceId } = machine;
  const { disturbances } = cloud.fly;
  const group = groupOf(machine.config);
  try {
    const failure = disturbances.take('failure', group, machine.id)?.failure;
    if (failure) throw new Error(failure);
    const running = await cloud.flyPlane.start(machine);
    if (machine.state !== 'starting' || machine.instanceId !== instanceId)
      return await end(running, machine, {}).then(() => undefined);
    machine.run = running;
    machine.move('started', 'start', 'flyd');
    watchChecks(cloud, machine, running);
    if (machine.config.services?.length) {
      const app = cloud.fly.app(machine.app.name);
      await cloud.flyPlane.openFront(app, (asleep) => start(cloud, asleep, 'flyd'));
    }
    const disturbed = disturbances.take('exit', group, machine.id)?.exit;
    if (disturbed) await running.signal('SIGKILL');
    const exit = await running.exited;
    await ended(cloud, machine, running, disturbed ? { oomKilled: false, ...disturbed } : exit);
  } catch (error) {
    if (machine.state !== 'starting' || machine.instanceId !== instanceId) return;
    writeLog(
      cloud,
      machine,
      `Failed to start: ${error instanceof Error ? error.message : error}`,
      'runner',
      'error',
    );
    machine.move('failed', 'launch', 'flyd');
  }
}

/** The main process has ended by itself. */
async function ended(cloud: Context, machine: Machine, running: Run, exit: Exit): Promise<void> {
  if (machine.run !== running) return;
  machine.run = undefined;
  const restarting = restarts(machine, exit);
  if (restarting) machine.restarts += 1;
  stopped(cloud, machine, exit, { requested: false, restarting });
  await running.remove();
  if (restarting) {
    const { instanceId } = machine;
    await sleep(Math.min(FIRST_BACKOFF * 2 ** (machine.restarts - 1), 5000));
    if (machine.state === 'stopped' && machine.instanceId === instanceId) start(cloud, machine, 'flyd');
  } else if (machine.config.auto_destroy) {
    destroyed(cloud, machine);
  }
}

function restarts({ config, restarts: count }: Machine, { code }: Exit): boolean {
  const { policy = 'on-failure', max_retries = MAX_RETRIES } = config.restart ?? {};
  if (policy === 'always') return true;
  return policy === 'on-failure' && code !== 0 && count < max_retries;
}

function stopped(
  cloud: Context,
  machine: Machine,
  exit: Exit | undefined,
  { requested, restarting }: { requested: boolean; restarting: boolean },
): void {
  machine.checks = [];
  const code = exit?.code ?? 0;
  const oomKilled = exit?.oomKilled ?? false;
  if (exit) writeLog(cloud, machine, epitaph(exit), 'runner');
  machine.move('stopped', 'exit', 'flyd', {
    exit_event: {
      exit_code: code,
      guest_exit_code: code,
      guest_signal: code > 128 ? code - 128 : -1,
      oom_killed: oomKilled,
      requested_stop: requested,
      restarting,
      signal: -1,
      exited_at: new Date(cloud.clock.now()).toISOString(),
    },
    restart_count: machine.restarts,
  });
}

/** What init says last; flyctl waits for the first of these before it shows a release command's log. */
function epitaph({ code, oomKilled }: Exit): string {
  if (oomKilled) return 'Out of memory: Killed process';
  if (code > 128) return `Main child exited with signal (with signal '${code - 128}', core dumped? false)`;
  return `Main child exited normally with code: ${code}`;
}

/** Notes that a machine is gone for good. */
export function destroyed(cloud: Context, machine: Machine): void {
  machine.lease = undefined;
  machine.move('destroyed', 'destroy', 'flyd');
  for (const volume of machine.app.volumes.values())
    if (volume.attached_machine_id === machine.id) volume.attached_machine_id = null;
  if (cloud.fly.disturbances.of('vanishes', groupOf(machine.config), machine.id))
    cloud.fly.findApp(machine.app.name)?.machines.delete(machine.id);
}

/** Takes the run away from a machine, so that its end is nobody else's business. */
function detach(machine: Machine): Run | undefined {
  const { run: running } = machine;
  machine.run = undefined;
  machine.checks = [];
  return running;
}

async function end(
  running: Run | undefined,
  { config }: Machine,
  { signal, timeout }: Halt,
): Promise<Exit | undefined> {
  if (!running) return undefined;
  const patience = new AbortController();
  await running.signal(signal ?? config.stop_config?.signal ?? STOP_SIGNAL);
  const late = sleep(timeout ?? milliseconds(config.stop_config?.timeout, STOP_TIMEOUT), undefined, {
    signal: patience.signal,
  }).then(
    () => running.signal('SIGKILL'),
    () => undefined,
  );
  const exit = await running.exited;
  patience.abort();
  await late;
  await running.remove();
  return exit;
}
