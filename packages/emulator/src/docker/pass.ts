import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { EngineConnection } from './connection.ts';

/** Passes a request to an engine and its answer back, both as they arrive. */
export function pass({ to }: EngineConnection, request: IncomingMessage, response: ServerResponse): void {
  const { method, url, headers } = request;
  const upstream = httpRequest({ ...to, method, path: url, headers: { ...headers, host: 'docker' } });
  upstream.once('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    response.flushHeaders();
    pipeline(answer, response).catch(() => response.destroy());
  });
  upstream.once('error', (error) => {
    if (response.headersSent) return response.destroy();
    response.writeHead(502, { 'content-type': 'application/json' });
    return response.end(JSON.stringify({ message: error.message }));
  });
  response.once('close', () => upstream.destroy());
  pipeline(request, upstream).catch(() => undefined);
}

/** Leads a connection to an engine that is to carry something else than HTTP from here on, such as gRPC of a build. */
export function passUpgrade(
  { to }: EngineConnection,
  { method, url, rawHeaders }: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  const { socketPath, host, port } = to;
  const upstream = socketPath
    ? connect(socketPath)
    : connect(Number(port ?? 2375), typeof host === 'string' ? host : undefined);
  const lines = rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? `${name}: ${rawHeaders[index + 1]}` : [],
  );
  upstream.once('connect', () => {
    upstream.write(`${method} ${url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
    upstream.write(head);
    upstream.pipe(socket).pipe(upstream);
  });
  for (const [one, other] of [
    [socket, upstream],
    [upstream, socket],
  ]) {
    one?.on('error', () => other?.destroy());
    one?.once('close', () => other?.destroy());
  }
}
