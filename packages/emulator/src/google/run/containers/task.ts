import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '../../../docker/engine.ts';
import { type Instance, startInstance } from './instance.ts';
import type { InstanceSpec } from './instance-spec.ts';

/** How an attempt of a task ended. */
export type TaskEnd = { readonly exitCode: number } | { readonly ended: 'timeout' | 'cancelled' };

/** Seconds between SIGTERM and SIGKILL for a task that is too late, or cancelled. */
const GRACE = 10;

/** Starts the containers of a task and waits until the main one, the last of them, has ended. */
export async function runTask(
  engine: Engine,
  spec: InstanceSpec,
  instance: Instance,
  milliseconds: number,
  signal: AbortSignal,
): Promise<TaskEnd> {
  await startInstance(engine, spec, instance, { waitForAll: false });
  const main = instance.ids.at(-1) ?? '';
  const done = new AbortController();
  let ended: 'timeout' | 'cancelled' | undefined;
  // What is stopped exits, too: the reason is what it was stopped for.
  const stop = (reason: 'timeout' | 'cancelled') => {
    ended = reason;
    return engine.stop(main, GRACE);
  };
  try {
    const exitCode = engine.wait(main);
    await Promise.race([
      exitCode,
      stopped(signal, done.signal).then(() => stop('cancelled')),
      sleep(milliseconds, undefined, { signal: done.signal }).then(() => stop('timeout')),
    ]);
    return ended ? { ended } : { exitCode: await exitCode };
  } finally {
    done.abort();
  }
}

function stopped(signal: AbortSignal, done: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true, signal: done });
  });
}
