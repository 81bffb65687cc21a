import { request } from 'node:http';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** Where a connection is tried. */
export interface Destination {
  readonly host: string;
  readonly port: number;
  /** Whether TLS has to be agreed on, too. */
  readonly tls: boolean;
  /** What tunnels to it by CONNECT (RFC 9110, section 9.3.6), where it is not to be reached directly. */
  readonly tunnel?: { readonly host: string; readonly port: number } | undefined;
  /** Milliseconds. */
  readonly timeout: number;
}

/**
 * Connects once to what does not speak HTTP, and sends nothing.
 *
 * @returns why it can't, as the system's code, `ETIMEDOUT` or the tunnel's status; undefined when it did
 */
export function connects({ host, port, tls, tunnel, timeout }: Destination): Promise<string | undefined> {
  return new Promise((resolve) => {
    const told = (error: Error & { code?: string }) => resolve(error.code ?? error.message);
    if (tunnel) {
      const sent = request({ ...tunnel, method: 'CONNECT', path: `${host}:${port}`, timeout });
      sent.once('connect', ({ statusCode }, socket) => {
        socket.destroy();
        resolve(statusCode === 200 ? undefined : String(statusCode));
      });
      sent.once('timeout', () => sent.destroy(new Error('ETIMEDOUT')));
      sent.once('error', told);
      sent.end();
      return;
    }
    const connected = () => {
      socket.destroy();
      resolve(undefined);
    };
    const socket = tls
      ? connectTls({ host, port, servername: host }, connected)
      : connect({ host, port }, connected);
    socket.setTimeout(timeout, () => socket.destroy(new Error('ETIMEDOUT')));
    socket.once('error', told);
  });
}
