import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/*
 * Locks and registrations are sockets in Linux's abstract namespace (unix(7)): the kernel allows one listener a
 * name and frees it with its process, however that ends, so nothing stale is ever left to clean up.
 */

/** Runs `action` while no other process on the machine is inside the lock of this name. Waits for its turn. */
export async function locked<T>(name: string, action: () => Promise<T>): Promise<T> {
  if (process.platform !== 'linux') return action();
  const lock = await take(`gangway-lock:${name}`);
  try {
    return await action();
  } finally {
    await release(lock);
  }
}

/** One process's use of something that the machine's processes share. */
export interface Registration {
  /** How many other registrations of the same name are alive. */
  others(): Promise<number>;
  end(): Promise<void>;
}

/** Registers a use of `name`, until `end` or the end of this process. */
export async function register(name: string): Promise<Registration> {
  const prefix = `gangway-use:${name}:`;
  const own = `${prefix}${process.pid}.${++count}`;
  const server = await take(own);
  return {
    others: async () => (await listening(prefix)).filter((other) => other !== own).length,
    end: () => release(server),
  };
}

/** Whether a process that lives has registered a use of `name`. */
export async function isUsed(name: string): Promise<boolean> {
  return (await listening(`gangway-use:${name}:`)).length > 0;
}

let count = 0;

async function take(name: string): Promise<Server> {
  for (;;) {
    const server = await listen(name);
    if (server) return server;
    await sleep(100);
  }
}

function listen(name: string): Promise<Server | undefined> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    );
    server.listen(`\0${name}`, () => resolve(server.unref()));
  });
}

function release(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

/** Names in the abstract namespace that begin so, as /proc/net/unix shows them (`@` for the leading NUL). */
async function listening(prefix: string): Promise<string[]> {
  const table = await readFile('/proc/net/unix', 'utf8');
  return table
    .split('\n')
    .map((line) => line.split(' ').at(-1) ?? '')
    .filter((name) => name.startsWith(`@${prefix}`))
    .map((name) => name.slice(1).replace(/[@\0]+$/, ''));
}
