import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Engine } from '@gangway/engine';

/** A local cloud in another process. */
export interface BenchCloud {
  readonly pid: number;
  readonly exports: Readonly<Record<string, string>>;
  /** What a workflow step gets. */
  readonly stepEnvironment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Starts a local cloud in a process of its own. */
export async function startCloudProcess({ host, environment }: Engine): Promise<BenchCloud> {
  const script = fileURLToPath(new URL('cloud-process.ts', import.meta.url));
  const child: ChildProcess = fork(script, {
    env: {
      ...process.env,
      ...environment,
      // Clients of the load open many connections at once.
      GANGWAY_BENCH_ENGINE: JSON.stringify({ host, environment }),
    },
  });
  const ended = once(child, 'exit');
  const [message] = await Promise.race([
    once(child, 'message'),
    ended.then(([code]) => {
      throw new Error(`The local cloud ended with ${code} before it was ready.`);
    }),
  ]);
  return {
    pid: child.pid ?? 0,
    ...(message as Pick<BenchCloud, 'exports' | 'stepEnvironment'>),
    async close() {
      child.send('stop');
      await ended;
    },
  };
}
