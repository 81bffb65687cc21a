import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Reply } from './call.ts';
import { isOf } from './dispatch.ts';

/** gcloud puts a region before the name of an overridden endpoint: `us-central1-localhost`. */
const LOOPBACK = /^(?:(?:[a-z]+-[a-z]+\d{1,2}-)?localhost\.?|127\.0\.0\.1|\[::1\])$/;

/**
 * Turns away what a web page may have sent: no client of a cloud is a browser. Pages of the local cloud's own were served before.
 *
 * A page that has its own name resolved to 127.0.0.1 (DNS rebinding) is known by its `Host`. A page of another origin is known by
 * `Origin`, which browsers add to every POST and every cross-origin script request (https://fetch.spec.whatwg.org/#origin-header), or by
 * `Sec-Fetch-Site`, which they add to all requests to loopback (https://w3c.github.io/webappsec-fetch-metadata/).
 *
 * @param hosts names besides loopback's that are answered: of the services that it stands in for, which only their owners control, and others
 * @returns undefined for a request that may come in
 */
export function turnAway(request: IncomingMessage, hosts: readonly string[]): Reply | undefined {
  const { headers } = request;
  const asked = hostsOf(request);
  if (asked.length === 0) return refusal('The request names no host.');
  const stranger = asked.find((host) => !isKnown(host, hosts));
  if (stranger !== undefined) {
    const name = shown(stranger.replace(/:\d+$/, ''));
    return refusal(
      `The local cloud does not answer for the host "${name}". Use 127.0.0.1 or localhost, or start it with --host ${name}.`,
    );
  }
  const page = pageOf(headers);
  return page === undefined
    ? undefined
    : refusal(`The local cloud does not answer web pages, and ${page} says that this is one.`);
}

/** The hosts a request is for: that of an absolute-form request line, as a proxy gets it, and those of `Host`. */
function hostsOf({ url = '', headersDistinct }: IncomingMessage): string[] {
  const absolute = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(url)?.[1];
  return [...(absolute === undefined ? [] : [absolute]), ...(headersDistinct.host ?? [])];
}

/** Whether a host, with or without a port, is loopback or one of further patterns. */
export function isKnown(authority: string, further: readonly string[]): boolean {
  const [, host = ''] = /^(\[[0-9a-f:.]+\]|[^:@[\]]+)(?::\d{1,5})?$/i.exec(authority) ?? [];
  const name = host.toLowerCase();
  if (LOOPBACK.test(name)) return true;
  return further.some((pattern) => isOf(name, pattern));
}

/** The header by which a browser says that a page sent this; a person who types an address is no page. */
function pageOf({ origin, ...headers }: IncomingHttpHeaders): string | undefined {
  if (origin !== undefined) return `"Origin: ${shown(origin)}"`;
  const site = headers['sec-fetch-site'];
  return site === undefined || site === 'none' ? undefined : `"Sec-Fetch-Site: ${shown(String(site))}"`;
}

/** Without any Access-Control header, so that the page can't read it either. */
function refusal(message: string): Reply {
  return { status: 403, body: { error: { code: 403, message, status: 'PERMISSION_DENIED' } } };
}

function shown(text: string): string {
  return text.slice(0, 100);
}
