import { randomBytes } from 'node:crypto';
import {
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { pipeline } from 'node:stream/promises';

/** Headers of one connection, which a proxy does not pass on (RFC 9110, 7.6.1). */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
]);

/** Why nothing came back from a container. */
export class ForwardError extends Error {
  readonly reason: 'unreachable' | 'timeout';

  constructor(reason: 'unreachable' | 'timeout', options?: ErrorOptions) {
    super(reason, options);
    this.reason = reason;
  }
}

/**
 * Passes a request to a container and its answer back, both as they arrive.
 * @param timeout milliseconds until the answer must have begun
 * @throws ForwardError as long as nothing has been answered
 */
export function forward(
  request: IncomingMessage,
  response: ServerResponse,
  { port, headers, timeout }: { port: number; headers: IncomingHttpHeaders; timeout: number },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const upstream = httpRequest({
      host: '127.0.0.1',
      port,
      method: request.method,
      path: request.url,
      headers: outgoing(request, headers),
      // A pooled connection may be closed by the container at the moment it is taken.
      agent: false,
    });
    const late = setTimeout(() => upstream.destroy(new ForwardError('timeout')), timeout);
    upstream.once('error', (error) => {
      clearTimeout(late);
      reject(error instanceof ForwardError ? error : new ForwardError('unreachable', { cause: error }));
    });
    upstream.once('response', (answer) => {
      clearTimeout(late);
      response.writeHead(answer.statusCode ?? 502, answer.statusMessage, endToEnd(answer.headersDistinct));
      response.flushHeaders();
      pipeline(answer, response).then(resolve, () => {
        response.destroy();
        resolve();
      });
    });
    response.once('close', () => upstream.destroy());
    // A container may answer before it has read everything; what it does not read is its business.
    pipeline(request, upstream).catch(() => undefined);
  });
}

function outgoing(
  { socket }: IncomingMessage,
  headers: IncomingHttpHeaders,
): Record<string, string | string[]> {
  const client = socket.remoteAddress ?? '127.0.0.1';
  const trace = randomBytes(16).toString('hex');
  const span = randomBytes(8).toString('hex');
  return {
    traceparent: `00-${trace}-${span}-01`,
    'x-cloud-trace-context': `${trace}/${BigInt(`0x${span}`)};o=1`,
    ...endToEnd(headers),
    'x-forwarded-for': [headers['x-forwarded-for'], client].filter(Boolean).join(', '),
    'x-forwarded-proto': 'http',
    forwarded: `for="${client}";proto=http`,
  };
}

function endToEnd(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string | string[]> {
  const kept: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined && !HOP_BY_HOP.has(name)) kept[name] = value;
  return kept;
}
