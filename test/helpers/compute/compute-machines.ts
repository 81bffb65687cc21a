import { createServer, type Server } from 'node:http';
import type { Job } from '../job.ts';

/**
 * Machines in place of the local cloud's own: they boot at once, do what the start script would tell, and answer on port 80 of their
 * external address with the image that they run. The script itself is run by a shell in its own test, and by machines in others.
 */
export interface ComputeMachines extends AsyncDisposable {
  /** Names of the machines that booted, in order. */
  readonly boots: string[];
  /** Digests, or parts of them, whose containers end at once. */
  readonly broken: Set<string>;
  /** Those whose containers run and answer 500. */
  readonly sick: Set<string>;
  /** The images that run now. */
  runs(): readonly string[];
  /** Whether machines tell nothing. */
  mute: boolean;
}

interface Running {
  readonly id: string;
  readonly image: string;
  server: Server | undefined;
}

export function computeMachines({ cloud }: Pick<Job, 'cloud'>): ComputeMachines {
  const running = new Map<string, Running>();
  const states = new Map<string, string>();
  const made: ComputeMachines = {
    boots: [],
    broken: new Set(),
    sick: new Set(),
    mute: false,
    runs: () => [...running.values()].map(({ image }) => image),
    [Symbol.asyncDispose]: async () => {
      for (const path of [...running.keys()]) await end(path);
    },
  };
  const holds = (set: Set<string>, image: string) => [...set].some((part) => image.includes(part));
  let began = 0;

  async function boot(path: string): Promise<void> {
    made.boots.push(path.split('/').at(-1) ?? '');
    const { metadata } = (cloud.compute.resources.get(path) ?? {}) as unknown as {
      metadata?: { items?: readonly { key: string; value?: string }[] };
    };
    const userData = metadata?.items?.find(({ key }) => key === 'user-data')?.value ?? '';
    const id = /^\s*id=(\w+)$/m.exec(userData)?.[1] ?? '';
    const image = /[\w./-]+@sha256:[0-9a-f]{64}/.exec(userData)?.[0] ?? '';
    running.set(path, { id, image, server: undefined });
    if (id && !made.mute) tell(path, id, image);
    await answer(path);
  }

  function tell(path: string, id: string, image: string): void {
    began += 1;
    const said = holds(made.broken, image)
      ? 'failed the container ended with status 1: no model'
      : `running ${image}`;
    states.set(path, `${id} ${began} ${said}`);
  }

  async function answer(path: string): Promise<void> {
    const machine = running.get(path);
    if (!machine) return;
    await close(machine);
    const address = addressAt(path);
    if (!address || holds(made.broken, machine.image)) return;
    const server = createServer((_, response) => {
      response.statusCode = holds(made.sick, machine.image) ? 500 : 200;
      response.end(machine.image);
    });
    machine.server = server;
    await new Promise<void>((resolve) => server.listen(80, address, resolve));
  }

  function addressAt(path: string): string | undefined {
    const { networkInterfaces = [] } = (cloud.compute.resources.get(path) ?? {}) as unknown as {
      networkInterfaces?: readonly { accessConfigs?: readonly { natIP?: string }[] }[];
    };
    return networkInterfaces[0]?.accessConfigs?.[0]?.natIP;
  }

  async function end(path: string): Promise<void> {
    const machine = running.get(path);
    running.delete(path);
    if (machine) await close(machine);
  }

  Object.assign(cloud.machines, {
    boot: (path: string) => void boot(path),
    halt: end,
    reset: async (path: string) => {
      await end(path);
      await boot(path);
    },
    remove: async (path: string) => {
      await end(path);
      states.delete(path);
    },
    changed: (path: string) => void answer(path),
    serial: (path: string) => ({
      first: 0,
      bytes: Buffer.from(`gangway: booted ${path}\ngangway: ::error::the last line\n`),
    }),
    probe: async (path: string) => running.get(path)?.server !== undefined,
    guestAttributes: (path: string) => {
      const machine = running.get(path);
      // systemd starts it again and again.
      if (machine && holds(made.broken, machine.image) && states.has(path))
        tell(path, machine.id, machine.image);
      const state = states.get(path);
      return new Map(state === undefined ? [] : [['gangway/state', state]]);
    },
  });
  return made;
}

function close({ server }: Running): Promise<void> {
  if (!server) return Promise.resolve();
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

/** An image by a digest of one letter, which need not be there: machines of tests pull none. */
export function imageOf(letter: string): string {
  return `us-central1-docker.pkg.dev/demo-project/services/app@sha256:${letter.repeat(64)}`;
}
