import {
  createServer,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';

/** A proxy in front of a local cloud that spoils what one request is answered with, byte for byte where it has to. */
export interface FaultProxy extends AsyncDisposable {
  /** The variables that point at the cloud, pointing here. */
  env(exports: Readonly<Record<string, string>>): Record<string, string>;
  /** From now on the request of that number, counted from 0, meets the fault, and so do the next ones of its method and path. */
  arm(kind: string, at: number, times: number): void;
  /** Forgets the fault and what was seen. */
  disarm(): void;
  /** `METHOD PATH` of the requests of actions since then; flyctl's and docker's are let through. */
  readonly seen: readonly string[];
  /** The first request that met the fault, as in `seen`. */
  readonly met: string | undefined;
  /** Host and port. */
  readonly host: string;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly socket: Socket;
  /** What the cloud answers: the request is carried out. */
  answer(): Promise<Answer>;
}

type Fault = (exchange: Exchange) => Promise<void> | void;

const PAGE = '<!DOCTYPE html><html><head><title>Sign in</title></head><body>Guest network</body></html>';
const HTML = { 'content-type': 'text/html; charset=utf-8' };
const CANONICAL: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ABORTED',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  501: 'UNIMPLEMENTED',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};

/** Each kind by its name. What changes an answer lets the cloud do its work first; what takes its place does not. */
export const FAULTS: Readonly<Record<string, Fault>> = {
  ...Object.fromEntries(
    [400, 401, 403, 404, 408, 409, 412, 425, 429, 500, 501, 502, 503, 504].map((status) => [
      `status-${status}`,
      ({ response }: Exchange) => {
        const error = { code: status, status: CANONICAL[status] ?? 'UNKNOWN', message: 'It is a test.' };
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ error }));
      },
    ]),
  ),
  ...Object.fromEntries(
    [200, 401, 403, 404, 502].map((status) => [
      `html-${status}`,
      ({ response }: Exchange) => void response.writeHead(status, HTML).end(PAGE),
    ]),
  ),
  'reset-before': ({ socket }) => void socket.destroy(),
  'reset-after': async ({ socket, answer }) => {
    await answer();
    socket.destroy();
  },
  'reset-in-headers': ({ socket }) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-type: appl');
    setTimeout(() => socket.destroy(), 20);
  },
  'reset-in-body': async ({ socket, answer }) => {
    const { body } = await answer();
    socket.write(
      `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length + 9}\r\n\r\n`,
    );
    socket.write(body);
    setTimeout(() => socket.destroy(), 20);
  },
  truncated: changed(
    ({ body }) => ({ 'content-length': String(body.length) }),
    ({ body }) => half(body),
  ),
  'chunk-cut': async ({ socket, answer }) => {
    const { body } = await answer();
    const part = half(body);
    socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n');
    socket.end(Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), part]));
  },
  'half-json': changed(
    () => ({}),
    ({ body }) => half(body),
  ),
  empty: changed(
    () => ({}),
    () => '',
  ),
  null: changed(
    () => ({}),
    () => 'null',
  ),
  list: changed(
    () => ({}),
    () => '[]',
  ),
  text: changed(
    () => ({}),
    () => '"text"',
  ),
  number: changed(
    () => ({}),
    () => '5',
  ),
  'empty-object': changed(
    () => ({}),
    () => '{}',
  ),
  'wrong-types': changed(
    () => ({}),
    ({ body }) => JSON.stringify(twisted(parse(body))),
  ),
  'wrong-leaves': changed(
    () => ({}),
    ({ body }) => JSON.stringify(twistedLeaves(parse(body))),
  ),
  'invalid-utf-8': changed(
    () => ({}),
    ({ body }) => Buffer.from(body.toString('latin1').replace(/"(?=[:,}])/, '\xff"'), 'latin1'),
  ),
  'content-type-lie': changed(
    () => ({ 'content-type': 'image/png' }),
    ({ body }) => body,
  ),
  'bad-gzip': changed(
    () => ({ 'content-encoding': 'gzip' }),
    ({ body }) => body,
  ),
  'cut-gzip': changed(
    () => ({ 'content-encoding': 'gzip' }),
    ({ body }) => half(gzipSync(body)),
  ),
  'gzip-bomb': changed(
    () => ({ 'content-encoding': 'gzip' }),
    () => BOMB(),
  ),
  'unknown-encoding': changed(
    () => ({ 'content-encoding': 'zstd' }),
    ({ body }) => body,
  ),
  'redirect-loop': ({ request, response }) =>
    void response.writeHead(302, { location: request.url ?? '/' }).end(),
  'redirect-elsewhere': ({ response }) =>
    void response.writeHead(307, { location: 'http://127.0.0.1:9/elsewhere' }).end(),
  'slow-headers': ({ socket }) => drip(socket, 'HTTP/1.1 200 OK\r\n', 'x: y\r\n'),
  'slow-body': async ({ socket, answer }) => {
    await answer();
    drip(socket, 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 999999\r\n\r\n{', ' ');
  },
  silence: () => {},
  'endless-body': ({ response }) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    endless(response, Buffer.alloc(64 * 1024, ' '));
  },
  'endless-error': ({ response }) => {
    response.writeHead(400, { 'content-type': 'text/plain' });
    endless(response, Buffer.alloc(64 * 1024, 'x'));
  },
  'huge-header': ({ response }) => void response.writeHead(200, { 'x-long': 'x'.repeat(70_000) }).end('{}'),
  'no-http': ({ socket }) => void socket.end('SSH-2.0-OpenSSH_9.2\r\n'),
  'switched-protocol': ({ socket }) =>
    void socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n'),
  duplicate: async ({ socket, answer }) => {
    const { status, body } = await answer();
    const head = `HTTP/1.1 ${status} OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;
    const once = Buffer.concat([Buffer.from(head), body]);
    socket.write(Buffer.concat([once, once]));
  },
};

/** Starts it in front of `origin`. */
export async function startFaultProxy(origin: string): Promise<FaultProxy> {
  const cloud = new URL(origin).host;
  let seen: string[] = [];
  let armed: { kind: string; at: number; left: number; line: string | undefined } | undefined;
  let met: string | undefined;
  const server = createServer({ maxHeaderSize: 64 * 1024 }, async (request, response) => {
    const { method = '', url = '', headers, socket } = request;
    response.on('error', () => {});
    const answer = () => pass(origin, request, own);
    const line = `${method} ${url.split('?')[0]}`;
    const isOurs = /^gangway\b/.test(headers['user-agent'] ?? '');
    const number = isOurs ? seen.push(line) - 1 : -1;
    if (
      isOurs &&
      armed &&
      armed.left > 0 &&
      (armed.line === undefined ? number === armed.at : line === armed.line)
    ) {
      armed.line = line;
      armed.left -= 1;
      met ??= line;
      await Promise.resolve(FAULTS[armed.kind]?.({ request, response, socket, answer })).catch(() =>
        socket.destroy(),
      );
      return;
    }
    try {
      const { status, headers: given, body } = await answer();
      response.writeHead(status, given).end(body);
    } catch {
      socket.destroy();
    }
  });
  server.on('connection', (socket) => socket.on('error', () => {}));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const own = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    host: own,
    env: (exports) =>
      Object.fromEntries(
        Object.entries(exports).map(([name, value]) => [name, value.replaceAll(cloud, own)]),
      ),
    arm(kind, at, times) {
      armed = { kind, at, left: times, line: undefined };
      met = undefined;
      seen = [];
    },
    disarm() {
      armed = undefined;
      seen = [];
    },
    get seen() {
      return seen;
    },
    get met() {
      return met;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/**
 * Hands a request on. Addresses in the answer's headers that are the cloud's become the proxy's; and the proxy's in JSON become
 * the cloud's, which knows images by its own name only.
 */
async function pass(origin: string, request: IncomingMessage, own: string): Promise<Answer> {
  const { host } = new URL(origin);
  const sent = await buffer(request);
  const isJson = request.headers['content-type']?.startsWith('application/json') && sent.includes(own);
  const body = isJson ? Buffer.from(sent.toString().replaceAll(own, host)) : sent;
  const { 'accept-encoding': _, connection: __, 'content-length': length, ...rest } = request.headers;
  const size = length === undefined ? {} : { 'content-length': String(body.length) };
  return new Promise((resolve, reject) => {
    const onward = httpRequest(
      `${origin}${request.url}`,
      { method: request.method ?? 'GET', headers: { ...rest, ...size, host }, agent: false },
      async (answer) => {
        const { connection: ___, 'transfer-encoding': ____, ...headers } = answer.headers;
        const mended = Object.entries(headers).map(([name, value]) => [
          name,
          typeof value === 'string' ? value.replaceAll(host, own) : value,
        ]);
        const read = await buffer(answer).catch(reject);
        if (read)
          resolve({ status: answer.statusCode ?? 0, headers: Object.fromEntries(mended), body: read });
      },
    );
    onward.on('error', reject).end(body);
  });
}

/** The cloud's own answer with other headers and another body. */
function changed(
  headersOf: (answer: Answer) => Record<string, string>,
  bodyOf: (answer: Answer) => string | Buffer,
): Fault {
  return async ({ response, answer }) => {
    const real = await answer();
    const body = bodyOf(real);
    const { 'content-length': _, ...headers } = real.headers;
    const given = { ...headers, 'content-length': String(body.length), ...headersOf(real) };
    response.writeHead(real.status, given);
    response.write(body);
    if (Number(given['content-length']) > body.length) setTimeout(() => response.socket?.destroy(), 20);
    else response.end();
  };
}

function half(body: Buffer): Buffer {
  return body.subarray(0, Math.floor(body.length / 2));
}

let bomb: Buffer | undefined;
function BOMB(): Buffer {
  bomb ??= gzipSync(Buffer.alloc(256 * 1024 * 1024, ' '));
  return bomb;
}

function drip(socket: Socket, head: string, drop: string): void {
  socket.write(head);
  const timer = setInterval(() => (socket.writable ? socket.write(drop) : clearInterval(timer)), 200);
  socket.on('close', () => clearInterval(timer));
}

/** Writes as fast as it is read, until nobody reads any more; a safety net ends it at 3 GB. */
function endless(response: ServerResponse, block: Buffer): void {
  let left = 48_000;
  const more = () => {
    while (left-- > 0 && !response.destroyed)
      if (!response.write(block)) return void response.once('drain', more);
    response.destroy();
  };
  more();
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return {};
  }
}

/** Each field as a value of another type. */
function twisted(value: unknown): unknown {
  const other = (one: unknown) => (typeof one === 'string' ? 5 : typeof one === 'object' ? 'text' : { a: 1 });
  if (Array.isArray(value)) return value.map(other);
  return Object.fromEntries(Object.entries(Object(value)).map(([name, one]) => [name, other(one)]));
}

/** The innermost values as values of another type. */
function twistedLeaves(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(twistedLeaves);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, twistedLeaves(one)]));
  return typeof value === 'string' ? [value.length] : 'text';
}
