import { appendFileSync, mkdirSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Principal } from '../principal.ts';
import type { Reply } from './call.ts';
import type { Found } from './dispatch.ts';

/** A request and its answer as they were on the wire, for whoever judges them: a line of JSON. */
interface Exchange {
  /** The host that it was for, e.g. `run.googleapis.com`. */
  readonly host: string;
  readonly method: string;
  /** As the host has it, with the query. */
  readonly path: string;
  readonly agent: string;
  readonly type: string;
  readonly request: string;
  /** Whether the body was not read, as it is where a request is refused before: `request` is then empty, whatever was sent. */
  readonly isUnread: boolean;
  readonly status: number;
  readonly answerType: string;
  readonly answer: string;
  /** Where in the caller's source it comes from, as far as the caller says. */
  readonly source: string;
  /** Whether the answer is a fault on request, and not the service's. */
  readonly isFault: boolean;
}

/** The header in which a caller may say where in its source a request comes from. */
const SOURCE_HEADER = 'x-gangway-source';

/** Bytes of a body that are kept. */
const MOST = 4 * 1024 * 1024;

/** What is known of a request besides its head; the caller, the body and the fault only once it was served. */
export interface Seen {
  /** On the clock of `performance.now()`. */
  readonly begun: number;
  /** Undefined until it is read, and where it is not. */
  body: Buffer | undefined;
  isFault: boolean;
  /** Who asked, where a token of Google's says so. */
  principal?: Principal | undefined;
}

/** Keeps an exchange in the folder that `GANGWAY_EXCHANGES` names, in a file for each process; without that, does nothing. */
export function keepExchange(
  { method = 'GET', headers }: IncomingMessage,
  asked: URL,
  found: Found | undefined,
  { status = 200, headers: sent = {}, body = '' }: Reply,
  seen: Seen,
): void {
  const folder = process.env.GANGWAY_EXCHANGES;
  if (!folder || body instanceof Readable) return;
  const isText = typeof body === 'string' || Buffer.isBuffer(body);
  write(folder, {
    host: found?.service.declaration.name ?? '',
    method,
    path: `${found?.path ?? asked.pathname}${asked.search}`,
    agent: headers['user-agent'] ?? '',
    type: headers['content-type'] ?? '',
    request: seen.body?.toString() ?? '',
    isUnread: seen.body === undefined,
    status,
    answerType: sent['content-type'] ?? (isText ? '' : 'application/json; charset=UTF-8'),
    answer: isText ? String(body) : JSON.stringify(body),
    source: String(headers[SOURCE_HEADER] ?? process.env.GANGWAY_EXCHANGES_SOURCE ?? ''),
    isFault: seen.isFault,
  });
}

function write(folder: string, exchange: Exchange): void {
  if (exchange.request.length > MOST || exchange.answer.length > MOST) return;
  mkdirSync(folder, { recursive: true });
  appendFileSync(join(folder, `${process.pid}.jsonl`), `${JSON.stringify(exchange)}\n`);
}
