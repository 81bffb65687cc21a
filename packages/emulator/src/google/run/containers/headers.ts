import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** What Cloud Run's front end says itself of where a request came from. */
const OWN = ['x-forwarded-for', 'x-forwarded-proto', 'forwarded'];

/**
 * The headers of a request as a container of Cloud Run gets them: with those of tracing, and with where it came from
 * (https://cloud.google.com/run/docs/trace, https://cloud.google.com/run/docs/reference/container-contract).
 *
 * @param replaced by name in lower case
 */
export function serviceHeaders(
  { rawHeaders, headers, socket }: IncomingMessage,
  replaced: Readonly<Record<string, string>>,
): string[] {
  const client = socket.remoteAddress ?? '127.0.0.1';
  const random = randomBytes(24).toString('hex');
  const [trace, span] = [random.slice(0, 32), random.slice(32)];
  const kept: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const [name = '', value = ''] = [rawHeaders[index], rawHeaders[index + 1]];
    const lower = name.toLowerCase();
    if (!OWN.includes(lower)) kept.push(name, replaced[lower] ?? value);
  }
  return [
    ...kept,
    ...(headers.traceparent ? [] : ['traceparent', `00-${trace}-${span}-01`]),
    ...(headers['x-cloud-trace-context']
      ? []
      : ['x-cloud-trace-context', `${trace}/${BigInt(`0x${span}`)};o=1`]),
    'x-forwarded-for',
    [headers['x-forwarded-for'], client].filter(Boolean).join(', '),
    'x-forwarded-proto',
    'http',
    'forwarded',
    `for="${client}";proto=http`,
  ];
}
