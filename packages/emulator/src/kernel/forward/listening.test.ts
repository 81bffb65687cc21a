import type { AddressInfo, Server } from 'node:net';
import { createServer } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { LOOPBACK, listenAt, listenInFront } from './listening.ts';

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

function server(): Server {
  const made = createServer();
  open.push(made);
  return made;
}

const portOf = (one: Server) => (one.address() as AddressInfo).port;

it('takes the ports of a range in turn, and says when all are taken', async () => {
  const first = server();
  await listenAt(first, LOOPBACK, 0);
  const range = { ...LOOPBACK, ports: { first: portOf(first), last: portOf(first) + 1 } };
  const second = server();
  await listenInFront(second, range);
  expect(portOf(second)).toBe(portOf(first) + 1);
  await expect(listenInFront(server(), range)).rejects.toThrow(/All ports from \d+ to \d+ are taken/);
});
