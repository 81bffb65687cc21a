import type { Report } from '../../diagnostic.ts';
import { asList, asObject, asText, asTexts, inWords, type JsonObject, own } from '../../json.ts';
import { below, type Place, ROOT } from '../../place.ts';
import type { ApiDocument } from '../document.ts';

/** Where the document says the API is served; of it, the gateway matches the base path. */
export interface Server {
  readonly host?: string;
  /** Starts with a slash, does not end with one; absent when requests start at the root. */
  readonly basePath?: string;
  readonly schemes: readonly string[];
  readonly allowCors?: boolean;
}

/** The server of a document: `host`, `basePath` and `schemes`, or the entry of `servers` that the gateway is to use. */
export function readServer(document: ApiDocument, report: Report): Server {
  return document.version === '2.0' ? fromHost(document.root, report) : fromServers(document.root, report);
}

function fromHost(root: JsonObject, report: Report): Server {
  const schemes = asTexts(own(root, 'schemes')).filter((scheme) => SCHEMES.has(scheme));
  return {
    ...(endpointHost(root) ?? {}),
    ...hostField(asText(own(root, 'host')), below(ROOT, 'host'), report),
    ...basePathField(asText(own(root, 'basePath')) ?? ''),
    schemes,
    ...corsField(root),
  };
}

/** The name that `x-google-endpoints` gives the API, if it has one. */
function endpointHost(root: JsonObject): { readonly host: string } | undefined {
  const name = asText(asObject(asList(own(root, 'x-google-endpoints'))[0])?.name);
  return name === undefined || !/^[^{}/ :\\]+$/.test(name) ? undefined : { host: name };
}

/** Whether preflight requests are passed on: said in a server (3.x), in `x-google-endpoints` (2.0), or for everything. */
function corsField(root: JsonObject, server?: JsonObject): { readonly allowCors?: boolean } {
  const old = asObject(asList(own(root, 'x-google-endpoints'))[0]);
  const flags = [
    asObject(own(server, 'x-google-endpoint'))?.allowCors,
    old?.allowCors ?? old?.allow_cors,
    asObject(own(root, 'x-google-api-management'))?.allowCors,
  ];
  const allowCors = flags.find((flag) => typeof flag === 'boolean');
  return allowCors === undefined ? {} : { allowCors };
}

const SCHEMES = new Set(['http', 'https', 'ws', 'wss']);

function fromServers(root: JsonObject, report: Report): Server {
  const servers = asList(own(root, 'servers')).map((item) => asObject(item) ?? {});
  const marked = servers.findIndex((server) => own(server, 'x-google-endpoint') !== undefined);
  const first = servers.findIndex((server) => asText(own(server, 'url')) !== undefined);
  const chosen = marked < 0 ? Math.max(first, 0) : marked;
  const place = below(below(ROOT, 'servers'), chosen);
  const server = servers[chosen];
  if (server === undefined) return { ...(endpointHost(root) ?? {}), schemes: [], ...corsField(root) };
  const url = splitUrl(substituted(server));
  if (url === undefined) {
    report('invalid-value', below(place, 'url'), `The server ${asText(server.url)} is not a URL.`);
    return { schemes: [] };
  }
  const schemes = new Set(url.scheme === undefined ? [] : [url.scheme]);
  const others: string[] = [];
  for (const [index, other] of servers.entries()) {
    if (index === chosen || asText(own(other, 'url')) === undefined) continue;
    const alike = splitUrl(substituted(other));
    if (alike?.scheme !== undefined && alike.host === url.host && alike.path === url.path)
      schemes.add(alike.scheme);
    else others.push(asText(other.url) ?? '');
  }
  if (others.length > 0) {
    report(
      'servers-dropped',
      below(ROOT, 'servers'),
      `The gateway serves ${asText(server.url)} only, not ${others.join(', ')}.`,
    );
  }
  return {
    ...hostField(url.host, below(place, 'url'), report),
    // Of a server that nobody marked for Google, the name may be anybody's.
    ...(marked < 0 ? endpointHost(root) : {}),
    ...basePathField(url.path),
    schemes: [...schemes],
    ...corsField(root, server),
  };
}

/** A server's URL with the defaults of its variables. */
export function substituted(server: JsonObject): string {
  const variables = asObject(own(server, 'variables'));
  return (asText(own(server, 'url')) ?? '').replaceAll(/\{([^{}]+)\}/g, (whole, name: string) => {
    const variable = asObject(own(variables, name));
    const value = variable?.default ?? asList(variable?.enum)[0];
    return value === undefined || value === null ? whole : inWords(value);
  });
}

function splitUrl(
  url: string,
):
  | { readonly scheme: string | undefined; readonly host: string | undefined; readonly path: string }
  | undefined {
  const match = /^(?:(https?|wss?):)?(?:\/\/(?:[^/@]*@)?([^/?#{}\s]+))?([^?#{}\s]*)/i.exec(url);
  if (match === null || /[{}\s]/.test(url)) return undefined;
  return { scheme: match[1]?.toLowerCase(), host: match[2], path: match[3] ?? '' };
}

/** Whether a host names only the developer's machine, which says nothing about the gateway. */
export function isLocalHost(host: string): boolean {
  return /^(localhost|127\.|0\.0\.0\.0|\[)/i.test(host.replace(/:\d+$/, ''));
}

function hostField(host: string | undefined, place: Place, report: Report): { readonly host?: string } {
  if (host === undefined || host === '') return {};
  const bare = host.replace(/:\d+$/, '');
  if (isLocalHost(host)) {
    report('servers-dropped', place, `The host ${host} is a local one; the gateway uses its own.`);
    return {};
  }
  if (bare !== host) report('host-port-dropped', place, `The port of ${host} is left out.`);
  if (!/^[^{}/ :\\]+$/.test(bare)) return {};
  return { host: bare };
}

function basePathField(path: string): { readonly basePath?: string } {
  const bare = path.replace(/\/+$/, '');
  if (bare === '' || bare === '.') return {};
  return { basePath: bare.startsWith('/') ? bare : `/${bare.replace(/^\.\//, '')}` };
}
