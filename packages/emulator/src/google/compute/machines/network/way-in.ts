import { get } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Probe } from '../machines.ts';

/** A connection to a port of a machine. @param shared folder of this machine that is the machine's `/run/local-cloud` */
export function connectTo(shared: string, port: number): Socket {
  const socket = connect({ path: join(shared, 'in.sock'), allowHalfOpen: true });
  socket.write(`${port}\n`);
  return socket;
}

/** Has the machine do something with its ports, by a line. @throws Error with what it says */
export function control(shared: string, line: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(join(shared, 'control.sock'));
    let said = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    socket.once('error', reject);
    socket.once('end', () => (said === 'ok' ? resolve() : reject(new Error(said.replace(/^error /, '')))));
    socket.write(`${line}\n`);
  });
}

/** Whether a machine answers: HTTP by a status from 200 to 399, otherwise by a connection that stays. */
export function probe(shared: string, { port, timeout, http }: Probe): Promise<boolean> {
  return http ? asks(shared, port, timeout, http) : holds(shared, port, timeout);
}

/** Google's health checks take 200 alone (https://cloud.google.com/load-balancing/docs/health-check-concepts#criteria-protocol-http). */
function asks(
  shared: string,
  port: number,
  timeout: number,
  { path, host }: NonNullable<Probe['http']>,
): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({
      // Without an agent, which would make its connections itself.
      ...{ path, timeout },
      headers: { host: host ?? '127.0.0.1', 'user-agent': 'GoogleHC/1.0', connection: 'close' },
      createConnection: () => connectTo(shared, port),
    });
    request.once('response', (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(false));
    setTimeout(() => request.destroy(), timeout).unref();
    request.once('close', () => resolve(false));
  });
}

/** Milliseconds a connection must stay open: the machine's side cuts it when nobody listens. */
const HELD = 150;

function holds(shared: string, port: number, timeout: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectTo(shared, port);
    const settle = (result: boolean) => {
      clearTimeout(held);
      socket.destroy();
      resolve(result);
    };
    const held = setTimeout(() => settle(socket.readyState === 'open'), Math.min(HELD, timeout));
    for (const event of ['close', 'end', 'error']) socket.once(event, () => settle(false));
  });
}
