import { createServer } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { connects } from './connects.ts';

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

const target = { host: '127.0.0.1', tls: false, timeout: 5000 };

describe('a connection', () => {
  it('is made to what listens', async () => {
    const port = await listen(createTcpServer((socket) => socket.end()));
    expect(await connects({ ...target, port })).toBeUndefined();
  });

  it('is refused where nothing listens', async () => {
    const port = await listen(createTcpServer());
    await new Promise((resolve) => servers.pop()?.close(resolve));
    expect(await connects({ ...target, port })).toBe('ECONNREFUSED');
  });

  it('needs TLS where it is asked for', async () => {
    const port = await listen(createTcpServer((socket) => socket.resume().end('no TLS here\n')));
    expect(await connects({ ...target, port, tls: true })).toMatch(/^(ERR_SSL|ECONNRESET|EPROTO)/);
  });

  it('goes through a tunnel, whose refusal it gives', async () => {
    const port = await listen(createTcpServer((socket) => socket.end()));
    const proxy = createServer().on('connect', (request, socket) => {
      if (request.url !== `app.example:${port}`) return socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
      const through = connect(port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        through.pipe(socket);
      });
      return through;
    });
    const tunnel = { host: '127.0.0.1', port: await listen(proxy) };
    expect(await connects({ ...target, host: 'app.example', port, tunnel })).toBeUndefined();
    expect(await connects({ ...target, host: 'other.example', port, tunnel })).toBe('502');
  });
});

function listen(server: Server): Promise<number> {
  servers.push(server);
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
  );
}
