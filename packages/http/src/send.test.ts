import type { ServerResponse } from 'node:http';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { raw, scripted } from '../test/scripted-server.ts';
import { readJson } from './json.ts';
import { look } from './look.ts';
import { object } from './readers.ts';
import { send } from './send.ts';

const TOKEN = { authorization: 'Bearer secret', cookie: 'a=b' };

it('tells the length of what it sends, whatever the method, so that the next request is understood', async () => {
  await using server = await scripted((request, response) =>
    request.resume().on('end', () => response.end('{}')),
  );
  for (const method of ['DELETE', 'POST', 'GET']) {
    const answer = await send(server.origin, { method, ...(method !== 'GET' && { body: '{"é":1}' }) });
    expect(await answer.text()).toBe('{}');
  }
  expect(server.asked.map(({ line, headers }) => [line, headers['content-length']])).toEqual([
    ['DELETE /', '8'],
    ['POST /', '8'],
    ['GET /', undefined],
  ]);
});

describe('a body', () => {
  it('is bounded where it is endless: the memory too', async () => {
    await using server = await scripted((_, response) => endless(response));
    const before = process.memoryUsage.rss();
    const answer = await send(server.origin);
    await expect(answer.bytes()).rejects.toMatchObject({
      code: 'answer-too-large',
      message: expect.stringMatching(/^GET 127\.0\.0\.1:\d+\/ was answered with more than 16 MiB/),
    });
    expect(process.memoryUsage.rss() - before).toBeLessThan(150 * 1024 * 1024);
  });

  it('is refused at once where its head says that it is too long', async () => {
    await using server = await scripted((_, response) =>
      response.writeHead(200, { 'content-length': '99' }).write('x'),
    );
    await expect(send(server.origin, { limit: 10 })).rejects.toMatchObject({ code: 'answer-too-large' });
  });

  it('is bounded by what it is unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(100_000);
    await using server = await scripted((_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
    );
    await expect((await send(server.origin)).bytes()).rejects.toMatchObject({ code: 'answer-too-large' });
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('is unpacked from %s', async (encoding, pack) => {
    await using server = await scripted((_, response) =>
      response.writeHead(200, { 'content-encoding': encoding }).end(pack('{"a":1}')),
    );
    expect(await readJson(await send(server.origin), object)).toEqual({ a: 1 });
  });

  it.each<[string, Record<string, string>, string | Buffer, string]>([
    ['packed wrongly', { 'content-encoding': 'gzip' }, '{"a":1}', 'answer-damaged'],
    [
      'packed and cut off',
      { 'content-encoding': 'gzip' },
      gzipSync('{"a":1}').subarray(0, 12),
      'answer-damaged',
    ],
    ['packed unknowably', { 'content-encoding': 'zstd' }, '{"a":1}', 'answer-unexpected'],
    ['empty', {}, '', 'answer-damaged'],
    ['no UTF-8', {}, Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 'answer-damaged'],
    ['half', {}, '{"key":"AIza', 'answer-damaged'],
    ['a page', {}, '<html><title>Sign in</title></html>', 'answer-unexpected'],
    ['null', {}, 'null', 'answer-unexpected'],
    ['a list', {}, '[]', 'answer-unexpected'],
    ['a text', {}, '"x"', 'answer-unexpected'],
  ])('that is %s is told as that', async (_, headers, body, code) => {
    await using server = await scripted((__, response) => response.writeHead(200, headers).end(body));
    const read = async () => readJson(await send(server.origin), object);
    await expect(read()).rejects.toMatchObject({ name: 'RequestFailure', code, hint: expect.any(String) });
    await expect(read()).rejects.not.toThrow('AIza');
  });

  it.each([
    ['a length that is not reached', 'content-length: 9\r\n\r\n{}'],
    ['a chunk that is cut', 'transfer-encoding: chunked\r\n\r\n9\r\n{}'],
    ['chunks without an end', 'transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n'],
  ])('with %s is no answer', async (_, rest) => {
    await using server = await raw((socket) => socket.end(`HTTP/1.1 200 OK\r\n${rest}`));
    await expect((await send(server.origin)).bytes()).rejects.toMatchObject({ code: 'unreachable' });
  });

  it.each([
    ['a chunk whose length is none', 'transfer-encoding: chunked\r\n\r\n2\r\n{}\r\nzz\r\n'],
    ['a chunk that is longer than it says', 'transfer-encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n'],
    ['a trailer that is none', 'transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\x01bad\r\n\r\n'],
  ])('with %s is a damaged one', async (_, rest) => {
    await using server = await raw((socket) => socket.write(`HTTP/1.1 200 OK\r\n${rest}`));
    const read = async () => (await send(server.origin)).bytes();
    await expect(read()).rejects.toMatchObject({ code: 'answer-damaged', tries: 3 });
  });

  it('is looked at as far as there is any, however it goes on', async () => {
    await using server = await scripted((_, response) => response.writeHead(200).write('hello'));
    expect(await look(server.origin)).toEqual({ status: 200, text: 'hello' });
    await using long = await scripted((_, response) => endless(response));
    expect((await look(long.origin)).text).toHaveLength(64 * 1024);
  });
});

describe('an answer that takes too long ends in time', () => {
  it.each([
    ['silent', ''],
    ['endless in its head', 'HTTP/1.1 200 OK\r\n'],
    ['endless in its body', 'HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n'],
  ])('when it is %s', async (_, head) => {
    await using server = await raw((socket) => {
      socket.write(head);
      const timer = setInterval(() => head && socket.write(head.endsWith('\r\n\r\n') ? ' ' : 'a: b\r\n'), 50);
      socket.on('close', () => clearInterval(timer));
    });
    const started = performance.now();
    const read = async () => (await send(server.origin, { timeout: 300 })).bytes();
    await expect(read()).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('ETIMEDOUT'),
    });
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('with what the caller cancels it by', async () => {
    await using server = await scripted(() => {});
    const signal = AbortSignal.abort(new Error('cancelled'));
    await expect(send(server.origin, { signal })).rejects.toThrow('cancelled');
  });
});

describe('what is no HTTP is told as that', () => {
  it.each([
    ['another protocol', 'SSH-2.0-OpenSSH\r\n'],
    ['a head that is too long', `HTTP/1.1 200 OK\r\nx: ${'x'.repeat(70_000)}\r\n\r\n`],
    ['a switch of protocols', 'HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n'],
  ])('%s', async (_, text) => {
    await using server = await raw((socket) => socket.end(text));
    await expect(send(server.origin)).rejects.toMatchObject({ code: 'answer-damaged' });
  });

  it('a host that there is not, a port that is closed, TLS that is none', async () => {
    await using server = await scripted((_, response) => response.end());
    await expect(send('http://127.0.0.1:9')).rejects.toMatchObject({ code: 'unreachable' });
    await expect(send('http://host.invalid')).rejects.toMatchObject({ code: 'unreachable' });
    await expect(send(server.origin.replace('http:', 'https:'))).rejects.toMatchObject({ code: 'tls' });
  });
});

describe.each([301, 302, 303, 307, 308])('a redirect (%i)', (status) => {
  const leading = (to: () => string) =>
    scripted((request, response) =>
      request.url === '/there' ? response.end('{}') : response.writeHead(status, { location: to() }).end(),
    );

  it('is an error, which tells the origin and nothing secret, and the other server is not asked', async () => {
    await using other = await scripted((_, response) => response.end('{}'));
    await using server = await leading(() => `${other.origin}/?code=secret`);
    const sent = send(server.origin, { method: 'POST', headers: TOKEN, body: 'subject_token=secret' });
    await expect(sent).rejects.toMatchObject({
      code: 'redirected',
      message: expect.stringContaining(other.origin),
    });
    await expect(sent).rejects.not.toThrow('secret');
    expect(other.asked).toEqual([]);
  });

  it('is followed to content where that is asked for: to another port without credentials', async () => {
    await using other = await scripted((_, response) => response.end('{}'));
    await using server = await leading(() => `${other.origin}/there`);
    const answer = await send(server.origin, { headers: TOKEN, redirects: 'follow' });
    expect(answer.url).toBe(`${other.origin}/there`);
    expect(server.asked[0]?.headers.authorization).toBe(TOKEN.authorization);
    expect(other.asked[0]?.headers).not.toHaveProperty('authorization');
    expect(other.asked[0]?.headers).not.toHaveProperty('cookie');
    await using own = await leading(() => '/there');
    await send(own.origin, { headers: TOKEN, redirects: 'follow' });
    expect(own.asked[1]?.headers.authorization).toBe(TOKEN.authorization);
  });

  it('is followed neither in a loop, nor by what writes, nor to no web address', async () => {
    await using server = await leading(() => '/');
    await expect(send(server.origin, { redirects: 'follow' })).rejects.toMatchObject({ code: 'redirected' });
    expect(server.asked.length).toBeLessThanOrEqual(6);
    await using written = await leading(() => '/there');
    const put = send(written.origin, { method: 'PUT', body: 'x', redirects: 'follow' });
    await expect(put).rejects.toMatchObject({ code: 'redirected' });
    await using odd = await leading(() => 'file:///etc/passwd');
    await expect(send(odd.origin, { redirects: 'follow' })).rejects.toMatchObject({ code: 'redirected' });
  });
});

/** Writes spaces as fast as they are read; ends by itself after 2 GB. */
function endless(response: ServerResponse): void {
  const block = Buffer.alloc(64 * 1024, ' ');
  let left = 32_000;
  const more = () => {
    while (left-- > 0 && !response.destroyed)
      if (!response.write(block)) {
        response.once('drain', more);
        return;
      }
    response.destroy();
  };
  more();
}
