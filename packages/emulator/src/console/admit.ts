import type { IncomingMessage } from 'node:http';

/** Loopback, by the names that a person types. A name that leads there is none of them, whoever owns it. */
const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i;

/** Whether a request is a browser's for the page: the cloud's address itself, where everybody else gets JSON. */
export function isPage({ method, headers }: IncomingMessage, { pathname }: URL): boolean {
  const accepts = headers.accept ?? '';
  return (
    pathname === '/' && (method === 'GET' || method === 'HEAD') && /(?:^|[,\s])text\/html\b/.test(accepts)
  );
}

/**
 * Whether a request may see the console.
 *
 * It must be for loopback by its own name: a page whose name was led to loopback (DNS rebinding) asks for that name. And it must come from the
 * console's own page, or from no page at all. Browsers say which by `Sec-Fetch-Site`, and by `Origin` on whatever may change something
 * (https://w3c.github.io/webappsec-fetch-metadata/). Another port of loopback is another site's page: what was deployed answers there.
 *
 * @param what the page itself, which holds nothing and may be linked to, or what it shows
 */
export function admits(request: IncomingMessage, what: 'page' | 'data'): boolean {
  const { headers, headersDistinct, method = '', url = '' } = request;
  const hosts = headersDistinct.host ?? [];
  const [host = ''] = hosts;
  // A request line in absolute form is one to a proxy, which may name another host than `Host`.
  if (hosts.length !== 1 || !LOOPBACK.test(host) || !url.startsWith('/')) return false;
  const { origin } = headers;
  if (origin !== undefined && !sameOrigin(origin, host)) return false;
  // Whoever changes something without saying where from is no page of ours.
  if (
    method === 'POST' &&
    (origin === undefined || !/^application\/json\b/i.test(headers['content-type'] ?? ''))
  )
    return false;
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'none' || site === 'same-origin') return true;
  return (
    what === 'page' && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document'
  );
}

function sameOrigin(origin: string, host: string): boolean {
  return (
    /^https?:\/\//.test(origin) && origin.replace(/^https?:\/\//, '').toLowerCase() === host.toLowerCase()
  );
}
