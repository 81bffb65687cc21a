import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { deployGateway } from '../../../test/gateway.ts';
import { hasEnded, type RawBackend, rawBackend, rawClient, says } from '../../../test/raw-http.ts';
import { type RunningCloud, startCloud } from '../../cloud.ts';
import { Front } from '../../google/run/containers/front.ts';
import { Forwarder } from './forward.ts';
import { ForwardError } from './forward-error.ts';
import { openFront } from './front.ts';
import { LOOPBACK } from './listening.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** One for all cases: their backends listen, one after another, on the same port. */
let gateway: { readonly cloud: RunningCloud; readonly port: number } | undefined;
let backendPort = 0;
afterAll(() => gateway?.cloud.close());

/** Every place that passes requests on, and how one is put before a backend. */
const places: Record<string, (backend: RawBackend) => Promise<number>> = {
  async 'the forwarder alone'({ port }) {
    const forwarder = new Forwarder();
    const front = await openFront((request, response) => {
      const to = { origin: new URL(`http://127.0.0.1:${port}`), headers: request.rawHeaders };
      forwarder.forward(request, response, to).catch((error: unknown) => {
        const status = error instanceof ForwardError ? Number(error.detail) || 503 : 500;
        response.writeHead(status, { 'content-length': '0', connection: 'close' }).end();
      });
    }, LOOPBACK);
    closing.push(() => front.close());
    return front.port;
  },
  async 'a Cloud Run service'({ port }) {
    const front = await Front.open(async () => ({ replaced: {} }));
    front.route([{ percent: 100, timeout: 5000, port: async () => port }]);
    closing.push(() => front.close());
    return Number(new URL(front.uri).port);
  },
  async 'a gateway'({ port }) {
    if (gateway) return gateway.port;
    const cloud = await startCloud();
    const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'];
    const operations = methods.map((method) => [
      method,
      { operationId: method, responses: { '200': { description: 'ok' } } },
    ]);
    const { url } = await deployGateway(cloud, {
      swagger: '2.0',
      info: { title: 'Raw', version: '1' },
      'x-google-backend': { address: `http://127.0.0.1:${port}`, disable_auth: true },
      paths: { '/x': Object.fromEntries(operations) },
    });
    gateway = { cloud, port: Number(new URL(url).port) };
    return gateway.port;
  },
};

async function backendThat(react: Parameters<typeof rawBackend>[0]): Promise<RawBackend> {
  const backend = await rawBackend(react, backendPort);
  backendPort = backend.port;
  closing.push(() => backend.close());
  return backend;
}

/** The heads and bodies of the requests that a reader of RFC 9112 finds in some bytes. */
function read(bytes: string): { head: string; body: string }[] {
  const found: { head: string; body: string }[] = [];
  let rest = bytes;
  while (rest !== '') {
    const end = rest.indexOf('\r\n\r\n');
    if (end < 0) throw new Error(`No request: ${rest}`);
    const head = rest.slice(0, end);
    rest = rest.slice(end + 4);
    let body = '';
    if (/^transfer-encoding: chunked\r?$/im.test(head)) {
      while (true) {
        const [line = '', size = ''] = /^([0-9a-f]+)\r\n/i.exec(rest) ?? [];
        const length = Number.parseInt(size, 16);
        rest = rest.slice(line.length);
        body += rest.slice(0, length);
        rest = rest.slice(length);
        if (length > 0) rest = rest.slice(2);
        else break;
      }
      const after = /^(?:[^\r\n]+\r\n)*\r\n/.exec(rest)?.[0] ?? '';
      rest = rest.slice(after.length);
    } else {
      const length = Number(/^content-length: (\d+)\r?$/im.exec(head)?.[1] ?? 0);
      body = rest.slice(0, length);
      rest = rest.slice(length);
    }
    found.push({ head, body });
  }
  return found;
}

/**
 * What llhttp's own tests (https://github.com/nodejs/llhttp/tree/main/test/request) have a strict parser make of bytes: the bodies of the
 * requests in them, and whether they end in an error. A host was added where there was none, and codings beside chunks are refused.
 */
const TABLE = JSON.parse(
  readFileSync(new URL('../../../test/llhttp-requests.json', import.meta.url), 'utf8'),
) as readonly { name: string; sent: string; bodies: readonly string[]; refused?: boolean }[];

it("passes on of the bytes in llhttp's table what is a request, and no more", async () => {
  const wrong: unknown[] = [];
  for (const { name, sent, bodies, refused } of TABLE) {
    const backend = await rawBackend(says(OK));
    const port = await places['the forwarder alone']?.(backend);
    const client = await rawClient(port ?? 0);
    // What is refused may have no end that could be waited for.
    if (refused) client.socket.end(sent, 'latin1');
    else client.send(sent);
    const found = () => backend.received.filter(hasEnded).flatMap(read);
    const bodiesOf = () => found().map(({ body }) => body);
    if (refused) await client.end().catch(() => undefined);
    else await expect.poll(() => bodiesOf().length).toBe(bodies.length);
    const seen = found();
    const right = refused
      ? seen.every(({ body }, index) => body === bodies[index])
      : bodiesOf().join('|') === bodies.join('|');
    client.socket.destroy();
    if (!right) wrong.push({ name, sent, seen, answered: client.received });
    await backend.close();
    await closing.pop()?.();
  }
  expect(wrong).toEqual([]);
  expect(TABLE.length).toBeGreaterThan(100);
});

describe.each(Object.entries(places))('%s', (place, open) => {
  it.each(['GET', 'DELETE', 'OPTIONS', 'HEAD', 'PUT'])(
    "passes a chunked body of %s on as that request's",
    async (method) => {
      const inner = 'GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n';
      const backend = await backendThat(says(method === 'HEAD' ? OK.slice(0, -2) : OK));
      const client = await rawClient(await open(backend));
      const chunk = `${inner.length.toString(16)}\r\n${inner}\r\n0\r\n\r\n`;
      client.send(`${method} /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}`);
      expect(await client.until(/\r\n\r\n(?:ok)?$/)).toMatch(/^HTTP\/1\.1 200 /);
      const requests = read(backend.received.join(''));
      expect(requests).toHaveLength(1);
      expect(requests[0]?.head).toMatch(new RegExp(`^${method} /x HTTP/1\\.1\r\n`));
      expect(requests[0]?.body).toBe(inner);
      client.socket.destroy();
    },
  );

  it.each(['GET', 'DELETE', 'OPTIONS', 'POST'])('passes a body with a length on: %s', async (method) => {
    const backend = await backendThat(says(OK));
    const client = await rawClient(await open(backend));
    client.send(`${method} /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello`);
    await client.until(/ok$/);
    expect(read(backend.received.join(''))).toMatchObject([{ body: 'hello' }]);
    expect(backend.received.join('')).toMatch(/\r\ncontent-length: 5\r\n/i);
    client.socket.destroy();
  });

  it('says of a POST without a body that it has none, and of a GET nothing', async () => {
    const backend = await backendThat(says(OK));
    const client = await rawClient(await open(backend));
    client.send('POST /x HTTP/1.1\r\nHost: a\r\n\r\n');
    await client.until(/ok$/);
    client.send('GET /x HTTP/1.1\r\nHost: a\r\n\r\n');
    await client.until(/ok.*ok$/s);
    const [post, get] = backend.received.flatMap(read);
    expect(post?.head).toMatch(/\r\ncontent-length: 0(?:\r\n|$)/i);
    expect(get?.head).not.toMatch(/content-length|transfer-encoding/i);
    client.socket.destroy();
  });

  it.each([
    [
      'a length and chunks',
      'POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['two lengths', 'POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!'],
    ['a length with a sign', 'POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello'],
    ['a list of lengths', 'POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\nhello'],
    ['a hexadecimal length', 'POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\nhello'],
    [
      'a coding beside chunks',
      'POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
    ],
    [
      'chunks that are not last',
      'POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n',
    ],
    ['a coding that is none', 'POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n'],
    [
      'two codings',
      'POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n',
    ],
    [
      'a space before the colon',
      'POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n',
    ],
    [
      'a chunk size with a sign',
      'POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n\r\n',
    ],
    [
      'a chunk size that is none',
      'POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n',
    ],
    [
      'a chunk that is longer than it says',
      'POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n',
    ],
    [
      'a chunk that ends in a bare line feed',
      'POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\n0\r\n\r\n',
    ],
    [
      'a bare carriage return in a value',
      'GET /x HTTP/1.1\r\nHost: a\r\nX: a\rTransfer-Encoding: chunked\r\n\r\n',
    ],
    ['a NUL in a value', 'GET /x HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n'],
    ['two hosts', 'GET /x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n'],
    ['no host', 'GET /x HTTP/1.1\r\n\r\n'],
    ['a header without a name', 'GET /x HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n'],
    ['a folded header', 'GET /x HTTP/1.1\r\nHost: a\r\nX: a\r\n Transfer-Encoding: chunked\r\n\r\n'],
    ['a version that is none', 'GET /x HTTP/9.9\r\nHost: a\r\n\r\n'],
    ['a space in the target', 'GET /x y HTTP/1.1\r\nHost: a\r\n\r\n'],
  ])('passes no part of a request on that can be read in two ways: %s', async (_, bytes) => {
    const backend = await backendThat(says(OK));
    const client = await rawClient(await open(backend));
    client.send(bytes);
    const answer = await client.until(/\r\n\r\n/);
    // One that was begun before it turned out to be wrong is cut off: its end never comes.
    expect(answer).toMatch(/^HTTP\/1\.1 (?:4\d\d|50[0-9]) /);
    await client.end();
    for (const received of backend.received)
      expect(hasEnded(received) && read(received).length > 1).toBe(false);
    expect(backend.received.some(hasEnded)).toBe(false);
  });

  it('keeps to itself what is of the connection alone, and what Connection names', async () => {
    const backend = await backendThat(
      says(
        OK.replace(
          '\r\n\r\n',
          '\r\nConnection: X-Own\r\nX-Own: 1\r\nKeep-Alive: timeout=1\r\nX-Kept: 1\r\n\r\n',
        ),
      ),
    );
    const client = await rawClient(await open(backend));
    client.send(
      'POST /x HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, X-Secret, Content-Length\r\nX-Secret: 1\r\nTE: trailers\r\nProxy-Connection: x\r\nX-Kept: 1\r\nContent-Length: 2\r\n\r\nhi',
    );
    const answer = await client.until(/ok$/);
    const [request] = read(backend.received.join(''));
    expect(request?.head).not.toMatch(/x-secret|\r\nte:|proxy-connection/i);
    expect(request?.head).toMatch(/x-kept: 1/i);
    expect(request?.body).toBe('hi');
    expect(answer).not.toMatch(/x-own/i);
    expect(answer).toMatch(/x-kept: 1/i);
    client.socket.destroy();
  });

  it('takes an absolute target for its path', async () => {
    const backend = await backendThat(says(OK));
    const client = await rawClient(await open(backend));
    client.send('GET http://other.example/x?y=1 HTTP/1.1\r\nHost: a\r\n\r\n');
    await client.until(/ok$/);
    expect(backend.received.join('')).toMatch(/^GET \/x\?y=1 HTTP/);
    client.socket.destroy();
  });

  it('passes trailers on both ways, but none that frame, route or authorise', async () => {
    const answer =
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 7\r\nSet-Cookie: a=b\r\n\r\n';
    const backend = await backendThat(says(answer));
    const client = await rawClient(await open(backend));
    client.send(
      'POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: X-Check\r\n\r\n1\r\na\r\n0\r\nX-Check: 5\r\nAuthorization: Bearer x\r\nHost: evil\r\n\r\n',
    );
    const received = await client.until(/0\r\n[\s\S]*\r\n\r\n$/);
    expect(received).toMatch(/0\r\nX-Sum: 7\r\n\r\n$/);
    expect(backend.received.join('')).toMatch(/0\r\nX-Check: 5\r\n\r\n$/);
    client.socket.destroy();
  });

  it('asks for a body that waits to be asked for, once', async () => {
    const backend = await backendThat(says(OK));
    const client = await rawClient(await open(backend));
    client.send('POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n');
    await client.until(/^HTTP\/1\.1 100 Continue\r\n\r\n$/);
    client.send('hi');
    expect(await client.until(/ok$/)).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /);
    expect(read(backend.received.join(''))).toMatchObject([{ body: 'hi' }]);
    expect(backend.received.join('')).not.toMatch(/expect/i);
    client.socket.destroy();
  });

  it('answers HEAD with the headers of GET and no body, and goes on', async () => {
    const backend = await backendThat(says('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n'));
    const client = await rawClient(await open(backend));
    client.send('HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n');
    expect(await client.until(/\r\n\r\n/)).toMatch(/content-length: 2\r\n/i);
    client.send('HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n');
    await client.until(/\r\n\r\nHTTP\/1\.1 200 [\s\S]*\r\n\r\n$/);
    client.socket.destroy();
  });

  it.each([204, 304])('answers %d without a body', async (status) => {
    const backend = await backendThat(says(`HTTP/1.1 ${status} X\r\nETag: "1"\r\n\r\n`));
    const client = await rawClient(await open(backend));
    client.send('GET /x HTTP/1.1\r\nHost: a\r\n\r\n');
    expect(await client.until(/\r\n\r\n/)).not.toMatch(/transfer-encoding/i);
    expect(client.received).toMatch(/\r\n\r\n$/);
    client.socket.destroy();
  });

  it('passes an answer on that comes before the body has, and takes nothing after it for a request', async () => {
    const early = (received: string) => received.includes('\r\n\r\n');
    const backend = await backendThat(says('HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno', early));
    const client = await rawClient(await open(backend));
    client.send('POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nbegin');
    const answer = await client.until(/no$/);
    expect(answer).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n/);
    expect(answer).toMatch(/\r\nconnection: close\r\n/i);
    client.send('GET /x HTTP/1.1\r\nHost: a\r\n\r\n');
    await client.end();
    expect(client.received).toBe(answer);
  });

  it('lets an answer that has begun go on while the body still comes', async () => {
    const backend = await backendThat((socket, received) => {
      if (received.endsWith('\r\n\r\n') && !received.includes('0\r\n'))
        socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n');
      if (received.endsWith('0\r\n\r\n')) socket.write('3\r\ntwo\r\n0\r\n\r\n');
    });
    const client = await rawClient(await open(backend));
    client.send('POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n');
    await client.until(/one/);
    client.send('1\r\na\r\n0\r\n\r\n');
    await client.until(/two/);
    client.socket.destroy();
  });

  it('passes the head of an answer on before any of its body', async () => {
    const backend = await backendThat((socket) =>
      socket.write(
        'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n',
      ),
    );
    const client = await rawClient(await open(backend));
    client.send('GET /x HTTP/1.1\r\nHost: a\r\n\r\n');
    await client.until(/event-stream/);
    client.socket.destroy();
  });

  it.each([
    ['a length', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf'],
    ['chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n'],
  ])('cuts the connection where an answer was cut: %s', async (_, half) => {
    const backend = await backendThat((socket) => socket.end(half));
    const client = await rawClient(await open(backend));
    client.send('GET /x HTTP/1.1\r\nHost: a\r\n\r\n');
    const all = await client.end();
    expect(all).toContain('half');
    expect(all).not.toMatch(/0\r\n\r\n$/);
  });

  it('ends an answer that its connection ends', async () => {
    const backend = await backendThat((socket) => socket.end('HTTP/1.0 200 OK\r\n\r\nall of it'));
    const client = await rawClient(await open(backend));
    client.send('GET /x HTTP/1.1\r\nHost: a\r\n\r\n');
    expect(await client.until(/0\r\n\r\n$/)).toContain('all of it');
    client.socket.destroy();
  });

  it('says that nothing came where the backend ends without an answer', async () => {
    const backend = await backendThat((socket) => socket.destroy());
    const client = await rawClient(await open(backend));
    client.send('GET /x HTTP/1.1\r\nHost: a\r\n\r\n');
    expect(await client.until(/\r\n\r\n/)).toMatch(/^HTTP\/1\.1 503 /);
    client.socket.destroy();
  });

  it('leaves the backend when the client leaves', async () => {
    let left: Promise<unknown> | undefined;
    const backend = await backendThat((socket) => {
      left ??= once(socket, 'close');
    });
    const client = await rawClient(await open(backend));
    client.send('GET /x HTTP/1.1\r\nHost: a\r\n\r\n');
    await expect.poll(() => backend.received.join('')).toMatch(/\r\n\r\n/);
    client.socket.destroy();
    await left;
  });

  it('joins both sides of a WebSocket, with what came early', async () => {
    const yes =
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: y\r\n\r\nearly';
    const backend = await backendThat((socket, received) => {
      if (received.endsWith('\r\n\r\n')) socket.write(yes);
      if (received.endsWith('ping')) socket.end('pong');
    });
    const client = await rawClient(await open(backend));
    client.send(
      'GET /x HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n\r\nfirst',
    );
    const answer = await client.until(/early$/);
    await expect.poll(() => backend.received.join('')).toMatch(/\r\n\r\nfirst$/);
    expect(answer).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n/);
    expect(answer).toMatch(/sec-websocket-accept: y\r\n/i);
    client.send('ping');
    expect(await client.end()).toMatch(/pong$/);
    expect(backend.received.join('')).toMatch(/\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n/);
  });

  it('passes on that a backend wants no WebSocket', async () => {
    const backend = await backendThat(says(OK.replace('200 OK', '426 Upgrade Required')));
    const client = await rawClient(await open(backend));
    client.send('GET /x HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    expect(await client.end()).toMatch(/^HTTP\/1\.1 426 [\s\S]*ok$/);
  });

  it('serves a request for another protocol as if it had not asked', async () => {
    const backend = await backendThat(says(OK));
    const client = await rawClient(await open(backend));
    client.send(
      'GET /x HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n',
    );
    expect(await client.until(/ok$/)).toMatch(/^HTTP\/1\.1 200 /);
    expect(backend.received.join('')).not.toMatch(/upgrade|http2-settings/i);
    client.socket.destroy();
  });

  it('answers requests that come all at once in their order', async () => {
    const backend = await backendThat(says(OK));
    const client = await rawClient(await open(backend));
    const one = 'DELETE /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n';
    client.send(`${one}${one}GET /x HTTP/1.1\r\nHost: a\r\n\r\n`);
    await client.until(/ok.*ok.*ok$/s);
    expect(backend.received.flatMap(read).map(({ head, body }) => [head.split(' ')[0], body])).toEqual([
      ['DELETE', 'a'],
      ['DELETE', 'a'],
      ['GET', ''],
    ]);
    client.socket.destroy();
  });

  it.runIf(place === 'a gateway')('refuses headers with an underscore, as ESPv2 does', async () => {
    const backend = await backendThat(says(OK));
    const client = await rawClient(await open(backend));
    client.send('GET /x HTTP/1.1\r\nHost: a\r\nX_Api_Key: 1\r\n\r\n');
    expect(await client.until(/\}$/)).toMatch(
      /^HTTP\/1\.1 400 [\s\S]*\{"code":400,"message":"Bad Request"\}$/,
    );
    expect(backend.received).toEqual([]);
    client.socket.destroy();
  });
});

describe('a connection that is used again', () => {
  /** Answers once on each connection, and cuts it at the second request. */
  async function moody() {
    const served = new WeakSet<object>();
    const backend = createServer((request, response) => {
      if (served.has(request.socket)) return void request.socket.destroy();
      served.add(request.socket);
      request.resume().once('end', () => response.end('ok'));
    });
    await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
    const { port } = backend.address() as AddressInfo;
    const front = await Front.open(async () => ({ replaced: {} }));
    front.route([{ percent: 100, timeout: 5000, port: async () => port }]);
    closing.push(
      () => front.close(),
      async () => backend.close(),
    );
    return front.uri;
  }

  it('is replaced by a new one where the other side has just closed it', async () => {
    const uri = await moody();
    for (let count = 0; count < 3; count += 1) expect((await fetch(uri)).status).toBe(200);
  });

  it('does not send twice what may not be', async () => {
    const uri = await moody();
    const post = () => fetch(uri, { method: 'POST', body: 'x' });
    expect([(await post()).status, (await post()).status]).toEqual([200, 503]);
  });
});
