import { connect } from 'node:net';

/** Milliseconds a connection must stay open to count. */
const HELD = 100;

/**
 * Whether something listens behind a published port. Docker's own proxy accepts every connection and cuts it when nobody
 * listens inside, so a connection has to last. On a busy machine the cut can come later: where it can be seen, ask
 * `hasListener` of the container first.
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
