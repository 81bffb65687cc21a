import type { IncomingMessage } from 'node:http';
import type { Transform } from 'node:stream';
import { pipeline } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { damaged, tooLarge, unexpected } from './failure.ts';

/** An answer whose body is not read yet: it may be long. */
export interface Answer {
  readonly status: number;
  /** Whether the status is 2xx. */
  readonly ok: boolean;
  readonly headers: Headers;
  /** Where it came from, after redirects. */
  readonly url: string;
  /** What was asked, for messages. */
  readonly what: string;
  /** The body as it comes, unpacked; can be read once. */
  readonly body: AsyncIterable<Uint8Array>;
  /** The whole body. @throws RequestFailure when it is cut off, damaged, too long or too slow */
  bytes(): Promise<Buffer>;
  /** The same as text; bytes that are no UTF-8 become U+FFFD. */
  text(): Promise<string>;
  /** The body as text, or so many bytes of it where it is longer. @throws RequestFailure when it is cut off, damaged or too slow */
  beginning(most: number): Promise<string>;
  /** What there is of the beginning within two seconds, whatever becomes of the rest. */
  excerpt(most: number): Promise<string>;
  /** Lets the body go unread. */
  discard(): void;
}

interface Opening {
  readonly url: URL;
  readonly what: string;
  /** Bytes of the body at most, unpacked. */
  readonly limit: number;
  /** An error of the stream's as the caller is to see it. */
  readonly named: (error: unknown) => unknown;
  readonly bodiless: boolean;
}

/** Milliseconds that the beginning of a body is waited for. */
const EXCERPT_PATIENCE = 2000;

/** @throws RequestFailure when the head of the answer is no good */
export function openAnswer(
  response: IncomingMessage,
  { url, what, limit, named, bodiless }: Opening,
): Answer {
  const { statusCode: status = 0 } = response;
  const headers = headersOf(response, what);
  // A stream's error that nobody reads is nobody's.
  response.on('error', () => {});
  if (bodiless) response.resume();
  const decoders = bodiless || status === 204 || status === 304 ? [] : decodersOf(headers, what);
  if (decoders.length === 0 && !bodiless && Number(headers.get('content-length') ?? 0) > limit)
    throw tooLarge(what, limit);
  const body = bounded(response, decoders, { what, limit, named });
  const bytes = async () => {
    const parts: Uint8Array[] = [];
    for await (const part of body) parts.push(part);
    return Buffer.concat(parts);
  };
  return {
    status,
    ok: status >= 200 && status <= 299,
    headers,
    url: url.href,
    what,
    body,
    bytes,
    text: async () => (await bytes()).toString('utf8'),
    beginning: (most) => beginningOf(body, most),
    excerpt: (most) => excerptOf(body, response, most),
    discard: () => void response.destroy(),
  };
}

async function* bounded(
  response: IncomingMessage,
  decoders: readonly Transform[],
  { what, limit, named }: Pick<Opening, 'what' | 'limit' | 'named'>,
): AsyncGenerator<Uint8Array, void> {
  const [first] = decoders;
  // The pipeline hands errors on, and ends all its streams with any of them.
  const stream = first ? pipeline([response, ...decoders], () => {}) : response;
  let length = 0;
  try {
    for await (const part of stream as AsyncIterable<Uint8Array>) {
      length += part.length;
      if (length > limit) throw tooLarge(what, limit);
      yield part;
    }
    if (!response.complete) throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
  } catch (error) {
    // A packed body of no bytes is an empty one.
    if (first && length === 0 && response.complete && (first as { bytesWritten?: number }).bytesWritten === 0)
      return;
    throw named(error);
  } finally {
    if (!response.readableEnded) response.destroy();
  }
}

/** @param parts takes what comes, for whoever stops waiting */
async function beginningOf(
  body: AsyncIterable<Uint8Array>,
  most: number,
  parts: Uint8Array[] = [],
): Promise<string> {
  let length = 0;
  for await (const part of body) {
    parts.push(part);
    length += part.length;
    if (length >= most) break;
  }
  return cut(parts, most);
}

async function excerptOf(
  body: AsyncIterable<Uint8Array>,
  response: IncomingMessage,
  most: number,
): Promise<string> {
  const parts: Uint8Array[] = [];
  const enough = setTimeout(() => response.destroy(), EXCERPT_PATIENCE);
  try {
    return await beginningOf(body, most, parts);
  } catch {
    return cut(parts, most);
  } finally {
    clearTimeout(enough);
  }
}

function cut(parts: readonly Uint8Array[], most: number): string {
  return Buffer.concat(parts).subarray(0, most).toString('utf8');
}

function headersOf({ rawHeaders }: IncomingMessage, what: string): Headers {
  const headers = new Headers();
  try {
    for (let index = 0; index + 1 < rawHeaders.length; index += 2)
      headers.append(rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '');
  } catch (cause) {
    throw damaged(what, 'one of its headers is invalid', cause);
  }
  return headers;
}

/** What unpacks a body, in order (RFC 9110, section 8.4). */
function decodersOf(headers: Headers, what: string): Transform[] {
  const codings = (headers.get('content-encoding') ?? '')
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((coding) => coding !== '' && coding !== 'identity');
  if (codings.length > 2) throw unexpected(what, `it is compressed ${codings.length} times`);
  return codings.reverse().map((coding) => {
    if (coding === 'gzip' || coding === 'x-gzip') return createGunzip();
    if (coding === 'deflate') return createInflate();
    if (coding === 'br') return createBrotliDecompress();
    throw unexpected(what, `it is compressed as "${coding.slice(0, 30)}"`);
  });
}
