import { ApiError } from '../../kernel/errors.ts';
import type { Call, Reply } from '../../kernel/http/call.ts';
import type { Route } from '../../kernel/http/route.ts';
import { route } from '../../kernel/http/route.ts';
import type { Context } from './context.ts';

/** Requests in one batch (https://cloud.google.com/compute/docs/api/how-tos/batch). */
const MOST = 1000;
/** Headers that each request has of its own, where it says them. */
const PASSED = ['content-type', 'user-agent', 'authorization', 'x-goog-user-project'];

/** Several requests in one, as gcloud sends them where it has more than one to make. */
export const batchRoutes: readonly Route<Context>[] = [route('POST', '/batch/compute/v1', undefined, batch)];

async function batch(call: Call, cloud: Context): Promise<Reply> {
  const [, quoted, plain] =
    /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(call.headers['content-type'] ?? '') ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined)
    throw new ApiError('INVALID_ARGUMENT', 'A batch is multipart/mixed, with a boundary.');
  const parts = call.body
    .toString('utf8')
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((text) => partOf(text.replace(/^\r?\n/, '')));
  if (parts.length > MOST)
    throw new ApiError('INVALID_ARGUMENT', `The batch has more than ${MOST} requests.`);
  const answers: string[] = [];
  for (const part of parts) answers.push(await answer(part, call, cloud));
  const own = `batch_${cloud.compute.newId()}`;
  const body = answers.map((text) => `--${own}\r\n${text}\r\n`).join('');
  return { headers: { 'content-type': `multipart/mixed; boundary=${own}` }, body: `${body}--${own}--\r\n` };
}

interface Part {
  readonly id: string | undefined;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A part: its own headers, and after an empty line a request as it would be on the wire. */
function partOf(text: string): Part {
  const [outer = '', request = '', ...rest] = text.split(/\r?\n\r?\n/);
  const [line = '', ...lines] = request.split(/\r?\n/);
  const [method = 'GET', target = '/'] = line.trim().split(/\s+/);
  const url = new URL(target, 'http://compute.googleapis.com');
  return {
    id: headersOf(outer.split(/\r?\n/))['content-id'],
    method,
    path: `${url.pathname}${url.search}`,
    headers: headersOf(lines),
    body: rest.join('\r\n\r\n').replace(/\r?\n$/, ''),
  };
}

async function answer(
  { id, method, path, headers, body }: Part,
  call: Call,
  { origin }: Context,
): Promise<string> {
  const sent = Object.fromEntries(
    PASSED.flatMap((name) => {
      const value = headers[name] ?? (name === 'content-type' ? undefined : call.headers[name]);
      return value === undefined ? [] : [[name, String(value)]];
    }),
  );
  const hasBody = body.trim() !== '' && method !== 'GET' && method !== 'HEAD';
  const got = await fetch(`${origin}${path}`, { method, headers: sent, ...(hasBody && { body }) });
  const text = await got.text();
  return [
    'Content-Type: application/http',
    ...(id === undefined ? [] : [`Content-ID: ${id.replace('<', '<response-')}`]),
    '',
    `HTTP/1.1 ${got.status} ${got.statusText}`,
    `Content-Type: ${got.headers.get('content-type') ?? 'application/json; charset=UTF-8'}`,
    `Content-Length: ${Buffer.byteLength(text)}`,
    '',
    text,
  ].join('\r\n');
}

function headersOf(lines: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    lines.flatMap((line) => {
      const [, name = '', value = ''] = /^([^:]+):\s*(.*?)\s*$/.exec(line) ?? [];
      return name ? [[name.toLowerCase(), value]] : [];
    }),
  );
}
