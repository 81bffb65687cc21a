import type { Server } from 'node:http';
import { connect, createServer as createNetServer, type Server as NetServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createSecureContext, createServer as createTlsServer, type Server as TlsServer } from 'node:tls';
import { pipeBoth } from '../forward/tunnel.ts';
import type { Authority } from './authority.ts';

/** What the first byte of TLS says: a handshake (RFC 8446, 5.1). */
const HANDSHAKE = 22;
const HTTPS_PORT = 443;
/** Milliseconds in which a connection must have begun to say something, and TLS to stand. */
const PATIENCE = 20_000;

/** Who answers behind a CONNECT. */
export interface Destinations {
  /** The port on 127.0.0.1 of what was deployed and has that name. */
  readonly front: (host: string, port: number | undefined) => number | undefined;
  /** Whether requests for a host are answered here. */
  readonly serves: (host: string) => boolean;
}

/** Puts TLS in front of a server: connections that were found to begin with it are handed over by the event `connection`. */
export async function tlsInFrontOf(server: Server, authority: Authority): Promise<TlsServer> {
  const tls = createTlsServer({
    // For who names no host.
    ...(await authority.identityOf('127.0.0.1')),
    ALPNProtocols: ['http/1.1'],
    handshakeTimeout: PATIENCE,
    SNICallback: (host, done) =>
      void authority.identityOf(host.toLowerCase()).then(
        (identity) => done(null, createSecureContext(identity)),
        (error: Error) => done(error),
      ),
  });
  tls.on('secureConnection', (socket) => server.emit('connection', socket));
  tls.on('tlsClientError', (_, socket) => socket.destroy());
  return tls;
}

/**
 * Lets a server be reached as an HTTPS proxy: CONNECT leads to what was deployed, or to the server itself under the name that was asked for,
 * by TLS where the client speaks it. Nobody else is ever asked.
 *
 * @param tls what answers TLS; without it, CONNECT leads to what was deployed alone
 */
export function openTunnels(
  server: Server,
  destinations: () => Destinations,
  tls: TlsServer | undefined,
): void {
  server.on('connect', ({ url = '' }, socket: Duplex, head: Buffer) => {
    socket.on('error', () => undefined);
    const [, bracketed, plain, digits] = /^(?:\[([0-9a-f:.]+)\]|([^:@[\]]+)):(\d{1,5})$/i.exec(url) ?? [];
    const host = (bracketed ?? plain ?? '').toLowerCase();
    const port = Number(digits);
    const { front, serves } = destinations();
    const behind = front(host, port);
    const isOurs = behind !== undefined || (tls !== undefined && serves(host));
    if (!isOurs) return refuse(socket, host);
    // Who waits for the other side to begin would wait for ever where it is looked at what they say.
    if (behind !== undefined && (tls === undefined || port !== HTTPS_PORT))
      return leadTo(behind, socket, head);
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    if (head.length > 0) socket.unshift(head);
    look(socket as Socket, (first) => {
      if (first === HANDSHAKE) tls?.emit('connection', socket);
      else server.emit('connection', socket);
    });
  });
}

/** Lets a server answer TLS on the port on which it answers HTTP: what listens is told apart by its first byte. */
export function onePort(server: Server, tls: TlsServer): NetServer {
  return createNetServer((socket) => {
    socket.on('error', () => undefined);
    look(socket, (first) => (first === HANDSHAKE ? tls : server).emit('connection', socket));
  });
}

/** Waits for the first byte, and leaves it where it is. */
function look(socket: Socket, next: (first: number) => void): void {
  const late = setTimeout(() => socket.destroy(), PATIENCE);
  socket.once('close', () => clearTimeout(late));
  socket.once('data', (chunk: Buffer) => {
    clearTimeout(late);
    socket.pause();
    socket.unshift(chunk);
    next(chunk[0] ?? 0);
    process.nextTick(() => socket.resume());
  });
}

/** Leads a connection to what was deployed, as a proxy does with CONNECT (RFC 9110, 9.3.6). */
function leadTo(port: number, socket: Duplex, head: Buffer): void {
  const upstream = connect(port, '127.0.0.1', () => {
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    void pipeBoth(socket, head, upstream, Buffer.alloc(0));
  });
  upstream.once('error', () => socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
  socket.once('close', () => upstream.destroy());
}

/** In JSON, and in the reason, which is all that most clients show of a proxy's answer. */
function refuse(socket: Duplex, host: string): void {
  const name = host.slice(0, 100).replace(/[^\x20-\x7e]/g, '?');
  const message = `The local cloud does not serve ${name || 'that'}, and forwards no requests.`;
  const body = JSON.stringify({ error: { code: 403, message, status: 'PERMISSION_DENIED' } });
  socket.end(
    [
      'HTTP/1.1 403 Not served by the local cloud',
      'Content-Type: application/json; charset=UTF-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}
