import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';

/** A server on loopback that tests script. */
export interface ScriptedServer extends AsyncDisposable {
  readonly origin: string;
  /** `METHOD PATH` and the headers of what was asked. */
  readonly asked: { readonly line: string; readonly headers: IncomingMessage['headers'] }[];
}

/** One that speaks HTTP. */
export async function scripted(
  answer: (request: IncomingMessage, response: ServerResponse) => unknown,
): Promise<ScriptedServer> {
  const asked: ScriptedServer['asked'] = [];
  const server = createServer((request, response) => {
    asked.push({ line: `${request.method} ${request.url}`, headers: request.headers });
    response.on('error', () => {});
    answer(request, response);
  });
  return { asked, ...(await listening(server, () => server.closeAllConnections())) };
}

/** One that writes what it likes. */
export async function raw(answer: (socket: Socket) => unknown): Promise<ScriptedServer> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).once('data', () => answer(socket));
  });
  const close = () => {
    for (const socket of sockets) socket.destroy();
  };
  return { asked: [], ...(await listening(server, close)) };
}

async function listening(server: Server, close: () => void) {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
