import { Readable } from 'node:stream';
import type { Api, Method } from '../proto-json/api.ts';
import { type Request, readRequest } from '../proto-json/read.ts';
import { writeAnswer } from '../proto-json/write.ts';
import type { Call, Reply } from './call.ts';

/** The method that a request is for, of the APIs at that host; undefined where none has it. */
export function publishedMethod(
  apis: readonly Api[],
  host: string,
  verb: string,
  path: string,
): Method | undefined {
  for (const api of apis) {
    const method = api.host === host ? api.method(verb, path) : undefined;
    if (method) return method;
  }
  return undefined;
}

/** @throws ApiError INVALID_ARGUMENT */
export function requestOf(
  published: Method,
  { url: asked, headers }: Call,
  sent: Buffer,
): Request & Pick<Call, 'url'> {
  // A form, as curl sends one where nobody says what it is, has more of the query.
  const isForm = /^application\/x-www-form-urlencoded\b/.test(headers['content-type'] ?? '');
  const more = new URLSearchParams(isForm ? sent.toString() : '');
  const parameters = new URLSearchParams([...asked.searchParams, ...more]);
  const { query, body, demand } = readRequest(published, parameters, isForm ? Buffer.alloc(0) : sent);
  const url = new URL(asked);
  url.search = query.toString();
  return { url, query, body, demand };
}

/** An answer as its API writes JSON. */
export function shown(reply: Reply, published: Method | undefined, query: URLSearchParams): Reply {
  const { status = 200, body } = reply;
  const isMessage = typeof body === 'object' && body !== null && !(body instanceof Readable);
  if (!published || status >= 400 || !isMessage || Buffer.isBuffer(body)) return reply;
  const numbers = /enum-encoding=int/.test(query.get('$alt') ?? query.get('alt') ?? '');
  const write = (message: object) => writeAnswer(published, message, numbers);
  // What is streamed as JSON is a list of messages.
  return { ...reply, body: Array.isArray(body) ? body.map(write) : write(body) };
}
