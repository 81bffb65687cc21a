import type { View } from './view.ts';

/** What a gateway answered. */
export interface GatewayAnswer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isCut: boolean;
  /** Milliseconds. */
  readonly took: number;
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
/** Characters of an answer that are shown. */
const LONGEST_BODY = 64 * 1024;
const PATIENCE = 60_000;

/**
 * Calls a gateway for the page, which never has a key in its hands: the page names one of the project's.
 *
 * @param asked `gateway` by its full name, `method`, `path`, `key` by its full name, `body`
 * @throws Error that says what is wrong with the call
 */
export async function callGateway(
  { apiGateway, apiKeys, clock }: View,
  asked: Readonly<Record<string, unknown>>,
): Promise<GatewayAnswer> {
  const [name, method, path, key, body] = ['gateway', 'method', 'path', 'key', 'body'].map((field) =>
    textOf(asked, field),
  ) as [string, string, string, string, string];
  const gateway = apiGateway.gateways.get(name);
  if (!gateway) throw new Error(`There is no gateway "${name}".`);
  if (!METHODS.includes(method)) throw new Error(`"${method}" is not a method. Use ${METHODS.join(', ')}.`);
  if (!path.startsWith('/')) throw new Error(`"${path}" is not a path: a path begins with a slash.`);
  const origin = `http://${gateway.defaultHostname}`;
  const url = new URL(origin + path);
  // The gateway alone is called, whatever the path holds.
  if (url.origin !== origin) throw new Error(`"${path}" leads to ${url.origin}, which is not this gateway.`);
  const found = key === '' ? undefined : apiKeys.find(key, clock.now());
  if (key !== '' && !found) throw new Error(`There is no key "${key}".`);
  const begun = performance.now();
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    signal: AbortSignal.timeout(PATIENCE),
    headers: {
      ...(found && { 'x-api-key': found.keyString }),
      ...(body !== '' && { 'content-type': 'application/json' }),
      'user-agent': 'gangway-console',
    },
    ...(body !== '' && method !== 'GET' && method !== 'HEAD' && { body }),
  });
  const text = await beginningOf(response);
  const took = performance.now() - begun;
  // A backend may send back what it was sent.
  const hide = (value: string) => (found ? value.replaceAll(found.keyString, '***') : value);
  const shown = hide(text);
  return {
    status: response.status,
    statusText: response.statusText,
    headers: Object.fromEntries([...response.headers].map(([header, value]) => [header, hide(value)])),
    body: shown.slice(0, LONGEST_BODY),
    isCut: shown.length > LONGEST_BODY,
    took,
  };
}

function textOf(asked: Readonly<Record<string, unknown>>, field: string): string {
  const value = asked[field] ?? '';
  if (typeof value !== 'string') throw new Error(`"${field}" must be a string.`);
  return value;
}

/** More than is shown: a key that the end cuts in two is beyond it. */
async function beginningOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > 2 * LONGEST_BODY) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}
