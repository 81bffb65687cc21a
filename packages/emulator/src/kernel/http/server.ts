import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Server as NetServer } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { type Authorizer, authorise, requireSignedIn } from '../access.ts';
import type { Clock } from '../clock.ts';
import { ApiError } from '../errors.ts';
import type { Faults } from '../faults.ts';
import { Forwarder } from '../forward/forward.ts';
import { closeFront, frontOptions, serveOffers } from '../forward/front.ts';
import type { Api } from '../proto-json/api.ts';
import type { BoundRoute } from '../service/mount.ts';
import type { Project } from '../service/platform.ts';
import { type AnsweredRequest, answered, type Circumstances, type Witness } from './answered.ts';
import type { Authority } from './authority.ts';
import type { Call, Reply } from './call.ts';
import { cutAfter } from './cut-after.ts';
import type { Found } from './dispatch.ts';
import { onePort, openTunnels, tlsInFrontOf } from './doors.ts';
import { keepExchange, type Seen } from './exchanges.ts';
import { isKnown, turnAway } from './front-door.ts';
import { publishedMethod, requestOf, shown } from './published.ts';
import { errorReply, faulty, send } from './reply.ts';
import { BodyTooLarge, openStream, readBody } from './request-body.ts';

/** What is served. */
export interface Site {
  readonly find: (method: string, host: string, path: string) => Found | undefined;
  /** What is answered for a path of none. */
  readonly absent: (method: string, asked: URL) => Reply;
  /** Host names that requests may be for, besides loopback's; a `*` at the beginning stands for anything. */
  readonly hosts: readonly string[];
  readonly project: Project;
  readonly clock: Clock;
  readonly faults: Faults;
  readonly authorizer: Authorizer;
  /** The APIs whose requests and answers are read and written by what is published of them. */
  readonly apis: readonly Api[];
  /** The port on 127.0.0.1 of what was deployed and answers by that host; it is asked as it stands, by browsers too. */
  readonly front: (host: string, port: number | undefined) => number | undefined;
  /** Every request that was answered, oldest first. */
  readonly requests: AnsweredRequest[];
  /** Those who are told of each request once it is answered, that of what was deployed as well. */
  readonly witnesses: readonly Witness[];
  /** Pages for the person who runs it, which are served before web pages are turned away: they look at their callers themselves. */
  readonly pages: Pages | undefined;
}

/** Answers a request for a page. @returns whether it did */
export type Pages = (request: IncomingMessage, response: ServerResponse, asked: URL) => boolean;

export interface RunningServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Bytes of a request's line and headers. */
const MAX_HEADERS = 16 * 1024;
/** Milliseconds: for the headers, for a request as a whole (the push of a large layer), and between looks at the two. */
const HEADERS_TIMEOUT = 20_000;
const REQUEST_TIMEOUT = 3_600_000;
const CHECKING_INTERVAL = 5_000;
const FRONT_TIMEOUT = 60_000;

const forwarder = new Forwarder();

/**
 * Serves a site on loopback: turns web pages away, authenticates, reads, injects faults, authorises, calls the handler.
 *
 * @param site asked at every request: services are told the port before they are made; undefined as long as there is nothing to answer
 * @param authority by whose certificates it answers TLS as well, and serves as a proxy the hosts of the site; default: by none
 */
export async function serve(
  site: () => Site | undefined,
  port: number,
  authority?: Authority,
): Promise<RunningServer> {
  const begin = (request: IncomingMessage, response: ServerResponse) => {
    const ready = site();
    if (ready) void answer(request, response, ready);
    else request.socket.destroy();
  };
  const server = createServer(
    {
      ...frontOptions,
      maxHeaderSize: MAX_HEADERS,
      headersTimeout: HEADERS_TIMEOUT,
      requestTimeout: REQUEST_TIMEOUT,
      connectionsCheckingInterval: CHECKING_INTERVAL,
    },
    begin,
  );
  // A body is asked for once the caller may send it.
  serveOffers(server, begin);
  const tls = authority && (await tlsInFrontOf(server, authority));
  const destinations = () => {
    const { front = () => undefined, hosts = [] } = site() ?? {};
    return { front, serves: (host: string) => isKnown(host, hosts) };
  };
  openTunnels(server, destinations, tls);
  const listener = tls ? onePort(server, tls) : server;
  await listen(listener, port);
  return {
    port: (listener.address() as AddressInfo).port,
    async close() {
      if (listener !== server) listener.close();
      await closeFront(server);
    },
  };
}

/** Listens on 127.0.0.1; port 0 takes a free one. Rejects when the port is taken. */
export function listen(server: NetServer, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** A fault that cuts the connection. */
class Cut extends Error {}

async function answer(request: IncomingMessage, response: ServerResponse, site: Site): Promise<void> {
  const begun = performance.now();
  const method = request.method ?? 'GET';
  // gcloud behind CLOUDSDK_PROXY_* sends absolute-form request lines; URL takes both forms.
  const scheme = (request.socket as Partial<TLSSocket>).encrypted ? 'https' : 'http';
  const asked =
    URL.parse(request.url ?? '/', `${scheme}://${request.headers.host ?? '127.0.0.1'}`) ??
    new URL('/', `${scheme}://127.0.0.1`);
  const front = site.front(asked.hostname, asked.port ? Number(asked.port) : undefined);
  if (front !== undefined) {
    response.once('close', () => {
      const one = answered(site, request, asked, undefined, response.statusCode);
      tell(site, one, { took: performance.now() - begun, reply: undefined, principal: undefined });
    });
    const to = { origin: new URL(`http://127.0.0.1:${front}`), host: request.headers.host ?? asked.host };
    return forwarder
      .forward(request, response, { ...to, headers: request.rawHeaders, begin: FRONT_TIMEOUT })
      .catch(() => void response.destroy());
  }
  if (site.pages?.(request, response, asked)) return;
  let found: Found | undefined;
  let reply: Reply;
  const seen: Seen = { begun, body: Buffer.alloc(0), isFault: false };
  try {
    const turned = turnAway(request, site.hosts);
    found = turned ? undefined : site.find(method, asked.hostname, asked.pathname);
    reply =
      turned ??
      (found ? await serveRoute(request, response, asked, found, site, seen) : site.absent(method, asked));
  } catch (error) {
    if (error instanceof Cut) return void request.socket.destroy();
    reply = errorReply(error);
  }
  note(site, request, asked, found, reply, seen);
  keepExchange(request, asked, found, reply, seen);
  await send(request, response, reply, site.clock.now());
}

function note(
  site: Site,
  request: IncomingMessage,
  asked: URL,
  found: Found | undefined,
  reply: Reply,
  { begun, principal }: Seen,
): void {
  const one = answered(site, request, asked, found, reply.status ?? 200);
  site.requests.push(one);
  tell(site, one, { took: performance.now() - begun, reply, principal });
}

function tell({ witnesses }: Site, request: AnsweredRequest, circumstances: Circumstances): void {
  for (const witness of witnesses) witness(request, circumstances);
}

/** @throws ApiError, Cut */
async function serveRoute(
  request: IncomingMessage,
  response: ServerResponse,
  asked: URL,
  found: Found,
  site: Site,
  seen: Seen,
): Promise<Reply> {
  const { route, params, service, path } = found;
  const method = request.method ?? 'GET';
  const url = new URL(asked);
  url.pathname = path;
  const credential = site.authorizer.credentialOf(request.headers.authorization);
  seen.principal = credential?.principal;
  const bare: Call = {
    method,
    url,
    query: url.searchParams,
    params,
    headers: request.headers,
    body: Buffer.alloc(0),
    stream: request,
    credential,
    principal: credential?.principal,
  };
  const fault = site.faults.take(method, path);
  if (fault?.delay) await site.clock.wait(fault.delay);
  if (fault?.reset) throw new Cut();
  if (fault?.expired) service.expireTokens();
  if (fault?.failed) service.operations.failNext(new ApiError(fault.failed.status, fault.failed.message));
  const stopped = fault?.status ? undefined : admit(route, bare, site);
  if (stopped) return stopped;
  if (route.streams) openStream(request, response);
  let body = bare.body;
  try {
    if (!route.streams) body = await readBody(request, response, route.limit);
  } catch (error) {
    if (error instanceof BodyTooLarge) return route.tooLarge(error);
    throw error;
  }
  seen.body = body;
  seen.isFault = fault?.status !== undefined;
  if (fault?.status) return faulty(fault);
  const stream = fault?.cut === undefined ? request : cutAfter(request, fault.cut);
  const published = route.streams
    ? undefined
    : publishedMethod(site.apis, service.declaration.name, method, path);
  const call = published ? { ...bare, ...requestOf(published, bare, body) } : { ...bare, body };
  const reply = shown(await route.handler({ ...call, stream }), published, url.searchParams);
  if (!fault?.lost) return reply;
  note(site, request, asked, found, reply, seen);
  throw new Cut();
}

/** Lets a call in that may send its body. @returns how it is turned away */
function admit({ access, guard }: BoundRoute, call: Call, site: Site): Reply | undefined {
  if (access) authorise(call, access, site);
  else if (guard === 'signed-in') requireSignedIn(call, site);
  else if (guard !== 'open') return guard(call);
  return undefined;
}
