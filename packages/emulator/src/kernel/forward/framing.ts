import type { IncomingMessage } from 'node:http';

/** Headers of one connection, which a proxy does not pass on (RFC 9110, 7.6.1), besides those that `Connection` names. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
]);

/** What frames, routes or authorises a message must not come after its body, where nobody looked at it (RFC 9110, 6.5.1). */
const NO_TRAILERS: ReadonlySet<string> = new Set([
  ...HOP_BY_HOP,
  'authorization',
  'content-encoding',
  'content-length',
  'content-range',
  'content-type',
  'cookie',
  'expect',
  'host',
  'set-cookie',
  'trailer',
]);

/** Methods of which a request without a body says nothing of its length; of the others it says that it is 0. */
const BODILESS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'DELETE', 'TRACE', 'OPTIONS', 'CONNECT']);

/** Names and values in turn, as Node has raw headers. */
export type RawHeaders = readonly string[];

/**
 * The headers of a message that are not of its connection alone.
 *
 * @param further names, in lower case, that are left out as well
 */
export function endToEnd(raw: RawHeaders, further: readonly string[] = []): string[] {
  const own = ownOfConnection(raw);
  const kept: string[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const [name = '', value = ''] = [raw[index], raw[index + 1]];
    const lower = name.toLowerCase();
    if (!HOP_BY_HOP.has(lower) && !further.includes(lower) && !own.includes(lower)) kept.push(name, value);
  }
  return kept;
}

/** The headers that `Connection` names. */
function ownOfConnection(raw: RawHeaders): readonly string[] {
  const named: string[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2)
    if (raw[index]?.toLowerCase() === 'connection')
      named.push(...(raw[index + 1] ?? '').toLowerCase().split(','));
  // What a connection has to itself is no part of how long the message is, or whom it is for.
  return named
    .map((option) => option.trim())
    .filter((option) => !['content-length', 'host'].includes(option));
}

/** Trailers that may be passed on. */
export function safeTrailers(raw: RawHeaders): [string, string][] {
  return raw.length === 0 ? [] : pairs(raw).filter(([name]) => !NO_TRAILERS.has(name.toLowerCase()));
}

/**
 * How a request's body is framed on its way on. It is said, always: Node sends a body of GET, DELETE or OPTIONS without a word about its
 * length, and whoever gets that takes it for the next request.
 *
 * @returns headers, beside those of `endToEnd` without `content-length`
 */
export function framing(method: string, { headers }: Pick<IncomingMessage, 'headers'>): string[] {
  if (headers['transfer-encoding'] !== undefined) return ['Transfer-Encoding', 'chunked'];
  const length = headers['content-length'];
  if (length !== undefined) return ['Content-Length', length];
  return BODILESS.has(method) ? [] : ['Content-Length', '0'];
}

/** Whether a request says that it has a body. */
export function hasBody({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** Why a request can't be passed on as it is, so that both sides agree on it; undefined for one that can. */
export function misframed({ headers, rawHeaders }: IncomingMessage): 400 | 501 | undefined {
  const coding = headers['transfer-encoding'];
  // Any other coding would have to be undone here (RFC 9112, 6.1).
  if (coding !== undefined && coding.trim().toLowerCase() !== 'chunked') return 501;
  const hosts = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host');
  return hosts.length > 1 ? 400 : undefined;
}

/** The request target as an origin server gets it: of an absolute one, its path (RFC 9112, 3.2.1). */
export function originForm(target: string): string {
  const rest = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*(.*)$/is.exec(target)?.[1];
  if (rest === undefined) return target;
  return rest.startsWith('/') ? rest : `/${rest}`;
}

function pairs(raw: RawHeaders): [string, string][] {
  const found: [string, string][] = [];
  for (let index = 0; index + 1 < raw.length; index += 2)
    found.push([raw[index] ?? '', raw[index + 1] ?? '']);
  return found;
}
