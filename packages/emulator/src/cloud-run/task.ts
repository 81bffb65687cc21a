import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from './engine.ts';
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
  try {
    return await Promise.race([
      engine.wait(main).then((exitCode) => ({ exitCode })),
      stopped(signal, done.signal).then(() => end(engine, main, 'cancelled')),
      sleep(milliseconds, undefined, { signal: done.signal }).then(() => end(engine, main, 'timeout')),
    ]);
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

async function end(engine: Engine, id: string, ended: 'timeout' | 'cancelled'): Promise<TaskEnd> {
  await engine.stop(id, GRACE);
  return { ended };
}
