import { createServer, type IncomingMessage, type ServerOptions, ServerResponse } from 'node:http';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Listening, listenAt, listenInFront } from './listening.ts';

/** Answers a request, in the end by `forward` or by itself. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A request that was answered in front of what was deployed. */
export interface Served {
  /** What was deployed, e.g. `cloud-run/web`. */
  readonly by: string;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  /** 101 for a WebSocket, 499 where the client had gone before there was an answer. */
  readonly status: number;
  readonly agent: string;
  /** Milliseconds. */
  readonly took: number;
}

/** Whom a listener tells of each request once it is answered. */
export interface Watch {
  readonly by: string;
  readonly report: (served: Served) => void;
}

/** A listener in front of what was deployed. */
export interface Front {
  readonly server: Server;
  readonly port: number;
  /** Stops listening, and cuts what is still connected. */
  close(): Promise<void>;
}

/** A connection that a client wants for another protocol, and what it has sent of that already. */
export interface Offered {
  readonly socket: Duplex;
  readonly head: Buffer;
}

const ports = new Set<number>();
const offers = new WeakMap<IncomingMessage, Offered>();
const upgraded = new WeakMap<object, Set<Duplex>>();

/**
 * What a server in front of others is made with. Of the protocols to which HTTP/1.1 can be upgraded, Google's and Fly.io's front ends take
 * WebSocket; a request for another one is served as if it had not asked (RFC 9110, 7.8).
 */
export const frontOptions = {
  shouldUpgradeCallback: ({ headers }: IncomingMessage) =>
    headers.upgrade?.toLowerCase() === 'websocket' &&
    headers['transfer-encoding'] === undefined &&
    Number(headers['content-length'] ?? 0) === 0,
} satisfies ServerOptions;

/**
 * Opens a listener in front of what is deployed. Its requests wait for their body to be asked for (`invite`), so that one that is turned
 * away need not be sent.
 *
 * @param wanted port; 0 takes a free one. Rejects with EADDRINUSE when it is taken
 */
export async function openFront(
  answer: Answer,
  listening: Listening,
  { watch, ...options }: ServerOptions & { readonly watch?: Watch | undefined } = {},
  wanted = 0,
): Promise<Front> {
  const watched = watch ? reporting(answer, watch) : answer;
  const server = createServer({ requestTimeout: 0, ...options, ...frontOptions }, watched);
  serveOffers(server, watched);
  await (wanted === 0 ? listenInFront(server, listening) : listenAt(server, listening, wanted));
  const { port } = server.address() as AddressInfo;
  ports.add(port);
  const close = () => {
    ports.delete(port);
    return closeFront(server);
  };
  return { server, port, close };
}

/** Whether a port of 127.0.0.1 is that of a listener in front of what was deployed. */
export function isFront(port: number): boolean {
  return ports.has(port);
}

function reporting(answer: Answer, { by, report }: Watch): Answer {
  return (request, response) => {
    const begun = performance.now();
    const { method = 'GET', url: path = '/', headers } = request;
    const offer = offerOf(request);
    (offer?.socket ?? response).once('close', () => {
      const status = response.headersSent ? response.statusCode : offer ? 101 : 499;
      report({
        ...{ by, method, path, status },
        agent: headers['user-agent'] ?? '',
        took: performance.now() - begun,
      });
    });
    answer(request, response);
  };
}

/** Has a server give requests with `Expect: 100-continue`, and offers of a WebSocket, to its one handler. */
export function serveOffers(server: ReturnType<typeof createServer>, answer: Answer): void {
  const open = new Set<Duplex>();
  upgraded.set(server, open);
  server.on('checkContinue', answer);
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    socket.on('error', () => undefined);
    offers.set(request, { socket, head });
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket as Socket);
    response.once('finish', () => {
      response.detachSocket(socket as Socket);
      socket.end();
    });
    answer(request, response);
  });
}

/** Stops a server at once, with what was upgraded on it. */
export function closeFront(server: ReturnType<typeof createServer>): Promise<void> {
  server.closeAllConnections();
  for (const socket of upgraded.get(server) ?? []) socket.destroy();
  return new Promise((resolve) => server.close(() => resolve()));
}

/** The connection that a request offers for a WebSocket; undefined for any other request. */
export function offerOf(request: IncomingMessage): Offered | undefined {
  return offers.get(request);
}

/** Asks a client for the body that it holds back until then (RFC 9110, 10.1.1). */
export function invite({ headers }: IncomingMessage, response: ServerResponse): void {
  if (/^100-continue$/i.test(headers.expect ?? '') && !response.headersSent) response.writeContinue();
}

/** Has the connection end with an answer to a request whose body may still be held back: what comes next would be taken for it. */
export function closeAfter(request: IncomingMessage, response: ServerResponse): void {
  if (!request.complete && !response.headersSent) response.setHeader('connection', 'close');
}
