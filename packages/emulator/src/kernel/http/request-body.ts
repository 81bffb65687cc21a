import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';

/** Bytes that anybody may send: a token request, which is all that needs no credentials. */
export const OPEN_LIMIT = 64 * 1024;

/** Bytes that Google's APIs take. */
export const API_LIMIT = 10 * 1024 * 1024;

/** Milliseconds in which a body that is read whole must have arrived. */
const PATIENCE = 60_000;

/** Milliseconds that a streamed upload may stand still. */
const STANDSTILL = 120_000;

/** What is still taken of a body that nobody wants, and how long its client has to read the answer and to stop. */
const LINGER = { bytes: 256 * 1024, milliseconds: 1000 };

/** A body is larger than its endpoint takes. */
export class BodyTooLarge extends Error {
  readonly limit: number;

  constructor(limit: number) {
    super(`Request payload size exceeds the limit: ${limit} bytes.`);
    this.limit = limit;
  }
}

/** The connection ended before the body did: nobody is there to read an answer. */
export class BodyCut extends Error {}

/**
 * Reads a whole body, of at most `limit` bytes. One that says that it is larger is not begun.
 *
 * @throws BodyTooLarge, BodyCut
 */
export async function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  limit: number,
): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limit) throw new BodyTooLarge(limit);
  invite(request, response);
  const late = setTimeout(() => giveUp(request), PATIENCE);
  try {
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > limit) throw new BodyTooLarge(limit);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch (error) {
    if (error instanceof BodyTooLarge || !request.socket.destroyed) throw error;
    throw new BodyCut('The connection ended before the body did.', { cause: error });
  } finally {
    clearTimeout(late);
  }
}

/** Lets a body come that its handler reads as it arrives. */
export function openStream(request: IncomingMessage, response: ServerResponse): void {
  invite(request, response);
  request.setTimeout(STANDSTILL, () => giveUp(request));
}

/** The beginning of what is uploaded, of so many bytes; the connection then breaks. */
export function cutAfter(request: IncomingMessage, bytes: number): Readable {
  const beginning = async function* () {
    let left = bytes;
    for await (const chunk of request as AsyncIterable<Buffer>) {
      yield chunk.subarray(0, left);
      left -= chunk.length;
      if (left > 0) continue;
      request.socket.destroy();
      throw new Error('The connection was cut.');
    }
  };
  return Readable.from(beginning());
}

/** Whether a client has a body under way that is too much to be read for nothing. */
export function isAbandoned(request: IncomingMessage): boolean {
  if (request.complete || request.destroyed) return false;
  const chunked = request.headers['transfer-encoding'] !== undefined;
  return chunked || Number(request.headers['content-length'] ?? 0) > OPEN_LIMIT;
}

/** Resolves when the client has stopped sending, or has had long enough to read the answer: cut off while it sends, it might not. */
export function linger(request: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    let left = LINGER.bytes;
    const timer = setTimeout(resolve, LINGER.milliseconds);
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    request.on('data', (chunk: Buffer) => {
      left -= chunk.length;
      if (left < 0) request.pause();
    });
    request.once('end', done).once('close', done).once('error', done);
    request.resume();
  });
}

/** Some clients wait to be asked for the body (RFC 9110, section 10.1.1), which is only done once they may send it. */
function invite({ headers }: IncomingMessage, response: ServerResponse): void {
  if (/^100-continue$/i.test(headers.expect ?? '')) response.writeContinue();
}

function giveUp({ socket }: IncomingMessage): void {
  socket.end('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n');
  socket.destroySoon();
}
