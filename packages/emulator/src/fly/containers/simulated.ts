import { groupOf, portsOf } from '../machines/config.ts';
import type { Machine } from '../machines/machine.ts';
import type { Exit, Run } from '../machines/run.ts';
import type { Runtime } from './runtime.ts';

/** Runs nothing: a machine is up until it is stopped, and one that is to do one thing has done it at once. */
export const simulatedRuntime: Runtime = {
  pullPublic: () =>
    Promise.reject(
      new Error('the local cloud has no Docker engine to pull it with; push it to registry.fly.io first'),
    ),
  async start(machine: Machine): Promise<Run> {
    let exit: (exit: Exit) => void = () => undefined;
    const exited = new Promise<Exit>((resolve) => {
      exit = resolve;
    });
    if (machine.config.auto_destroy) exit({ code: 0, oomKilled: false });
    return {
      exited,
      port: () => undefined,
      signal: async (name) => exit({ code: name === 'SIGKILL' ? 137 : 0, oomKilled: false }),
      probe: async () => ({ passing: true, output: 'simulated' }),
      exec: async () => ({ code: 0, stdout: '', stderr: '' }),
      processes: async () => [
        {
          pid: 1,
          command: groupOf(machine.config),
          listen_sockets: portsOf(machine.config).map((port) => ({
            proto: 'tcp',
            address: `0.0.0.0:${port}`,
          })),
        },
      ],
      pause: async () => undefined,
      remove: async () => undefined,
    };
  },
};
