import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { innerListener } from './inner-listener.ts';

const HERE = existsSync('/proc/self/net/tcp');

it.runIf(HERE)('takes no listener on loopback for one that others reach', async () => {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  expect(await innerListener('', process.pid, port)).toBe(false);
  server.close();
});

it('says that it can’t see a process that is none of the container’s, or of another machine', async () => {
  expect(await innerListener('0'.repeat(64), process.pid, 1)).toBeUndefined();
  expect(await innerListener('0'.repeat(64), 2 ** 30, 1)).toBeUndefined();
});
