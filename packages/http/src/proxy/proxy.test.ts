import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Server, type Socket } from 'node:net';
import { find, selfSigned } from '@gangway/engine';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { raw, scripted } from '../../test/scripted-server.ts';
import { send } from '../send.ts';

// needs: openssl

const GOOGLE = 'https://run.googleapis.com/';
const VARIABLES = ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY', 'NO_PROXY'];

beforeEach(() => {
  for (const name of VARIABLES) for (const one of [name, name.toLowerCase()]) vi.stubEnv(one, undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

/** A proxy whose tunnels all lead to one port. */
async function tunnels(to: string, tls?: { key: string; cert: string }) {
  const asked: { target: string; authorization: string | undefined }[] = [];
  const sockets = new Set<Socket>();
  const nothing: RequestListener = (_, response) => response.writeHead(405).end();
  const server: Server = tls ? createTlsServer(tls, nothing) : createServer(nothing);
  server.on('connection', (socket: Socket) => sockets.add(socket));
  server.on('connect', ({ url = '', headers }, client: Socket) => {
    asked.push({ target: url, authorization: headers['proxy-authorization'] });
    const target = connect(Number(new URL(to).port), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      target.pipe(client).pipe(target);
    });
    sockets.add(target);
    client.on('error', () => target.destroy());
    target.on('error', () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    asked,
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const api = () => scripted((_, response) => response.end('{}'));

describe('a proxy that refuses', () => {
  it.each([
    [407, 'HTTPS_PROXY: http://USER:PASSWORD@HOST:PORT'],
    [403, 'NO_PROXY'],
    [502, 'NO_PROXY'],
  ])('with %i is told by its address, not by its password', async (status, hint) => {
    await using proxy = await raw((socket) => socket.end(`HTTP/1.1 ${status} No\r\n\r\n`));
    vi.stubEnv('HTTPS_PROXY', proxy.origin.replace('http://', 'http://user:hunter2@'));
    const sent = send(GOOGLE);
    await expect(sent).rejects.toMatchObject({
      code: 'proxy',
      message: expect.stringContaining(`refused to connect to run.googleapis.com:443: ${status}`),
      hint: expect.stringContaining(hint),
    });
    await expect(sent).rejects.not.toThrow('hunter2');
  });
});

describe('a proxy that is not there', () => {
  it('is told by its address, with the variable to look at and the cause', async () => {
    vi.stubEnv('all_proxy', 'http://localhost:9');
    await expect(send(GOOGLE)).rejects.toMatchObject({
      code: 'proxy',
      message: expect.stringMatching(
        /^The proxy localhost:9 could not connect to \S+: .*\(ECONNREFUSED\)\.$/,
      ),
      hint: expect.stringContaining('check all_proxy,'),
      cause: expect.objectContaining({ code: 'ECONNREFUSED' }),
    });
  });

  it('is not asked again and again where there is no such name', async () => {
    vi.stubEnv('HTTPS_PROXY', 'http://proxy.invalid:3128');
    await expect(send(GOOGLE)).rejects.toMatchObject({ code: 'proxy', tries: 1 });
  });
});

describe.skipIf(find('openssl').length === 0)('a proxy that speaks TLS itself (needs openssl)', () => {
  it.each([
    ['localhost', 'DNS:localhost'],
    ['127.0.0.1', 'IP:127.0.0.1'],
  ])('is checked by its own name: %s', async (host, name) => {
    const { key, certificate: cert } = await selfSigned([name]);
    await using server = await api();
    await using proxy = await tunnels(server.origin, { key, cert });
    const { setDefaultCACertificates, getCACertificates } = await import('node:tls');
    const before = getCACertificates('default');
    setDefaultCACertificates([cert]);
    try {
      vi.stubEnv('HTTP_PROXY', `https://${host}:${proxy.port}`);
      expect((await send('http://api.test/')).status).toBe(200);
      expect(proxy.asked.map(({ target }) => target)).toEqual(['api.test:80']);
    } finally {
      setDefaultCACertificates(before);
    }
  });

  it('and is not trusted is a matter of TLS, once', async () => {
    const { key, certificate: cert } = await selfSigned(['DNS:localhost']);
    await using proxy = await tunnels('http://127.0.0.1:9', { key, cert });
    vi.stubEnv('HTTPS_PROXY', `https://localhost:${proxy.port}`);
    await expect(send(GOOGLE)).rejects.toMatchObject({
      code: 'tls',
      tries: 1,
      message: expect.stringContaining(`The proxy localhost:${proxy.port} could not connect`),
      hint: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
    });
  });

  it('as HTTPS_PROXY says, but does not', async () => {
    await using server = await api();
    await using proxy = await tunnels(server.origin);
    vi.stubEnv('HTTPS_PROXY', `https://127.0.0.1:${proxy.port}`);
    await expect(send(GOOGLE)).rejects.toMatchObject({
      code: 'tls',
      hint: expect.stringContaining('write http:// there'),
    });
  });
});

describe('a tunnel', () => {
  it('is kept for the next request, but not for one that cannot be repeated', async () => {
    await using server = await api();
    await using proxy = await tunnels(server.origin);
    vi.stubEnv('HTTP_PROXY', `http://127.0.0.1:${proxy.port}`);
    for (const fresh of [false, false, true, true]) await (await send('http://api.test/', { fresh })).bytes();
    expect(proxy.asked).toHaveLength(3);
  });

  it.each([
    ['user:pass', 'user:pass'],
    ['us%40er:p%3Aw%23', 'us@er:p:w#'],
    ['user:pa%ss', 'user:pa%ss'],
    ['user:100%25%zz', 'user:100%%zz'],
    ['user', 'user:'],
    ["user:it's", "user:it's"],
    ['us%C3%A9r:%FF', 'usér:\xff'],
  ])('is asked for by %s', async (written, meant) => {
    await using server = await api();
    await using proxy = await tunnels(server.origin);
    vi.stubEnv('HTTP_PROXY', `http://${written}@127.0.0.1:${proxy.port}/`);
    await send('http://api.test/', { fresh: true });
    const bytes = Buffer.concat(
      [...meant].map((sign) => Buffer.from(sign, sign === '\xff' ? 'latin1' : 'utf8')),
    );
    expect(proxy.asked[0]?.authorization).toBe(`Basic ${bytes.toString('base64')}`);
  });
});
