import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ApiError } from '../errors.ts';
import type { Fault } from '../faults.ts';
import type { Reply } from './call.ts';
import { isAbandoned, linger } from './request-body.ts';

/** Sends a reply. A connection on which a large body is still coming is closed after it. */
export async function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status = 200, headers = {}, body }: Reply,
  now: number,
): Promise<void> {
  // Clients tell by it how far their own clock is off.
  response.setHeader('date', new Date(now).toUTCString());
  if (body instanceof Readable) {
    sendStream(response, status, headers, body);
    return;
  }
  const { method } = request;
  const abandoned = isAbandoned(request);
  const raw = typeof body === 'string' || Buffer.isBuffer(body);
  const payload = body === undefined ? '' : raw ? body : JSON.stringify(body, null, 1);
  response.writeHead(status, {
    ...(body !== undefined && !raw && { 'content-type': 'application/json; charset=UTF-8' }),
    ...(method !== 'HEAD' && status !== 204 && { 'content-length': String(Buffer.byteLength(payload)) }),
    ...headers,
    ...(abandoned && { connection: 'close' }),
  });
  if (abandoned) {
    response.flushHeaders();
    if (method !== 'HEAD' && payload.length > 0) response.write(payload);
    await linger(request);
    response.end();
    return;
  }
  response.end(method === 'HEAD' ? undefined : payload);
}

/** A stream that breaks can only be told by a cut connection: the status is already out. */
function sendStream(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: Readable,
): void {
  response.writeHead(status, headers);
  pipeline(body, response).catch(() => response.destroy());
}

/** What a fault answers in place of the service. */
export function faulty({ status = 503, body, headers = {} }: Fault): Reply {
  const canonical = status === 429 ? 'RESOURCE_EXHAUSTED' : status === 500 ? 'INTERNAL' : 'UNAVAILABLE';
  return {
    status,
    headers,
    body: body ?? {
      error: { code: status, message: 'The service is currently unavailable.', status: canonical },
    },
  };
}

/** Google's front end answers with a page where no API has its own words. */
export function tooLargePage(): Reply {
  return frontEndPage(413, 'Request Entity Too Large', 'Your client issued a request that was too large.');
}

function frontEndPage(status: number, title: string, text: string): Reply {
  return {
    status,
    headers: { 'content-type': 'text/html; charset=UTF-8' },
    body: `<!DOCTYPE html>\n<html lang=en>\n<title>Error ${status} (${title})!!1</title>\n<p><b>${status}.</b> <ins>That’s an error.</ins>\n<p>${text} <ins>That’s all we know.</ins>\n`,
  };
}

/**
 * What went wrong, as Google's APIs tell it.
 *
 * @param bodyOf how the API that was asked writes an error
 */
export function errorReply(error: unknown, bodyOf: (error: ApiError) => object = ({ body }) => body): Reply {
  const known = error instanceof ApiError ? error : crashed(error);
  return { status: known.httpStatus, body: bodyOf(known) };
}

function crashed(error: unknown): ApiError {
  if (error instanceof SyntaxError)
    return new ApiError('INVALID_ARGUMENT', `Invalid JSON payload received. ${error.message}`);
  // Whoever runs the local cloud is told what happened; a caller never sees more than Google shows.
  console.error(error);
  return new ApiError('INTERNAL', 'Internal error encountered.');
}
