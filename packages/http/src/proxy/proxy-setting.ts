import { BlockList, isIP } from 'node:net';
import { RequestFailure } from '../failure.ts';

/** The proxy that the environment names for a URL. */
export interface ProxySetting {
  readonly url: URL;
  /** The variable that it was read from, for messages. */
  readonly variable: string;
}

const SECURE = ['https_proxy', 'HTTPS_PROXY'];
const PLAIN = ['http_proxy', 'HTTP_PROXY'];
const ALL = ['all_proxy', 'ALL_PROXY'];
const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;
const PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/**
 * The proxy for a URL, by the variables that curl reads, a lower-case name before the same in capitals; an empty one counts as
 * unset. Other than with curl, one proxy will do for both: HTTP_PROXY is used for https where there is no HTTPS_PROXY, and the other
 * way round.
 *
 * @returns undefined where none is named, or NO_PROXY spares the host
 * @throws RequestFailure `proxy` when the value is not the URL of an http or https proxy
 * @see https://curl.se/docs/manpage.html#ENVIRONMENT
 */
export function proxyFor(url: URL): ProxySetting | undefined {
  const names = url.protocol === 'https:' ? [SECURE, PLAIN, ALL] : [PLAIN, SECURE, ALL];
  const found = firstSet(names.flat());
  if (!found || isSpared(url, firstSet(['no_proxy', 'NO_PROXY'])?.value ?? '')) return undefined;
  const { variable, value } = found;
  const proxy = URL.parse(SCHEME.test(value) ? value : `http://${value}`);
  // A password with a `/`, `?` or `#` in it leaves its rest behind the port.
  const isWhole = /^[^\s"'][^\s"#?]*$/.test(value) && !proxy?.pathname.includes('@');
  if (proxy && isWhole && /^https?:$/.test(proxy.protocol)) return { url: proxy, variable };
  throw new RequestFailure(`The environment variable ${variable} is not the URL of an http or https proxy.`, {
    code: 'proxy',
    tries: 1,
    hint: `write http://HOST:PORT or http://USER:PASSWORD@HOST:PORT without quotes, with "#", "/", "@" and the like in the password percent-encoded (%23, %2F, %40); or unset ${variable}`,
  });
}

function firstSet(names: readonly string[]): { variable: string; value: string } | undefined {
  for (const variable of names) {
    const value = process.env[variable]?.trim();
    if (value) return { variable, value };
  }
  return undefined;
}

/** Whether one of NO_PROXY's rules, between commas or spaces, is for a URL's host. */
function isSpared(url: URL, rules: string): boolean {
  return rules
    .toLowerCase()
    .split(/[\s,]+/)
    .some((rule) => rule !== '' && covers(rule, url));
}

/**
 * A rule is `*`, a host, which stands for those below it too, with or without a dot before it; `*.example.com` for those alone; an
 * address or a network (`10.0.0.0/8`, `fd00::/8`); each of them with or without a port.
 */
function covers(rule: string, { protocol, hostname, port }: URL): boolean {
  if (rule === '*') return true;
  const [scheme = ''] = /^https?:(?=\/\/)/.exec(rule) ?? [];
  if (scheme && scheme !== protocol) return false;
  const place = scheme ? rule.slice(scheme.length + 2).replace(/\/$/, '') : rule;
  const [, name = place, only] = isIP(place) ? [] : (/^(.*?[^:]|\[.*\]):(\d+)$/.exec(place) ?? []);
  if (only !== undefined && only !== (port || PORTS[protocol])) return false;
  const host = hostname.replace(/^\[|\]$|\.$/g, '');
  const wanted = name.replace(/^\[|\]/g, '').replace(/\.$/, '');
  if (isIP(host)) return isWithin(host, wanted);
  const domain = wanted.replace(/^\*?\./, '');
  return domain !== '' && ((host === domain && !wanted.startsWith('*.')) || host.endsWith(`.${domain}`));
}

/** Whether an address is another, however that is written, or in a network. */
function isWithin(address: string, range: string): boolean {
  const [, base = range, bits] = /^(.*)\/(\d{1,3})$/.exec(range) ?? [];
  const version = isIP(base);
  const most = version === 4 ? 32 : 128;
  const length = Number(bits ?? most);
  if (version === 0 || version !== isIP(address) || length > most) return false;
  const network = new BlockList();
  const family = version === 4 ? 'ipv4' : 'ipv6';
  network.addSubnet(base, length, family);
  return network.check(address, family);
}
