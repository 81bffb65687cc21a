import { get } from 'node:http';
import { connect } from 'node:net';

/** Milliseconds a connection must stay open to count. */
const HELD = 100;

/**
 * Whether something listens behind a published port. Docker's own proxy accepts every connection and cuts it
 * when nobody listens inside, so a connection has to last.
 */
export function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const settle = (result: boolean) => {
      clearTimeout(held);
      socket.destroy();
      resolve(result);
    };
    const held = setTimeout(() => settle(socket.readyState === 'open'), HELD);
    for (const event of ['close', 'end', 'error']) socket.once(event, () => settle(false));
  });
}

/** Whether a GET is answered with a status from 200 to 399, which is what an HTTP probe asks for. */
export function answers(port: number, path: string, timeout: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path, timeout }, (response) => {
      response.resume();
      const { statusCode = 0 } = response;
      resolve(statusCode >= 200 && statusCode < 400);
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(false));
  });
}
