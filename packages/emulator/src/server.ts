import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import type { Cloud } from './cloud.ts';
import { ApiError } from './errors.ts';
import { turnAway } from './front-door.ts';
import type { Access, Call, Reply, Route } from './handler.ts';
import { credentialOf, requireCaller, requireSignedIn } from './identity/credential.ts';
import { errorReply, faulty, send, unknownPath } from './reply.ts';
import { BodyTooLarge, openStream, readBody } from './request-body.ts';
import { createRouter, fill, type Match } from './router.ts';

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

/**
 * Serves the routes on loopback: turns web pages away, authenticates, reads, injects faults, authorises, calls the handler.
 *
 * @param hosts further host names to answer for
 */
export async function serve(
  routes: readonly Route[],
  cloud: () => Cloud,
  port: number,
  hosts: readonly string[] = [],
): Promise<RunningServer> {
  const find = createRouter(routes);
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADERS,
      headersTimeout: HEADERS_TIMEOUT,
      requestTimeout: REQUEST_TIMEOUT,
      connectionsCheckingInterval: CHECKING_INTERVAL,
    },
    (request, response) => void answer(request, response, { find, hosts }, cloud()),
  );
  // Without a listener Node asks for the body by itself; here it is asked for once the caller may send it.
  server.on('checkContinue', (request, response) => void answer(request, response, { find, hosts }, cloud()));
  await listen(server, port);
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** Listens on 127.0.0.1; port 0 takes a free one. Rejects when the port is taken. */
export function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

interface Serving {
  readonly find: (method: string, path: string) => Match | undefined;
  readonly hosts: readonly string[];
}

/** A fault that cuts the connection. */
class Cut extends Error {}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { find, hosts }: Serving,
  cloud: Cloud,
): Promise<void> {
  const method = request.method ?? 'GET';
  const agent = request.headers['user-agent'] ?? '';
  // gcloud behind CLOUDSDK_PROXY_* sends absolute-form request lines; URL takes both forms.
  const url =
    URL.parse(request.url ?? '/', `http://${request.headers.host ?? '127.0.0.1'}`) ??
    new URL('/', 'http://127.0.0.1');
  let reply: Reply;
  try {
    const turned = turnAway(request, hosts);
    const match = turned ? undefined : find(method, url.pathname);
    reply = turned ?? (match ? await serveRoute(request, response, url, match, cloud) : unknownPath(url));
  } catch (error) {
    if (error instanceof Cut) return void request.socket.destroy();
    reply = errorReply(error);
  }
  cloud.requests.push({ method, path: url.pathname + url.search, status: reply.status ?? 200, agent });
  await send(request, response, reply, cloud.clock.now());
}

/** @throws ApiError, Cut */
async function serveRoute(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  { route, params }: Match,
  cloud: Cloud,
): Promise<Reply> {
  const method = request.method ?? 'GET';
  const credential = credentialOf(cloud, request.headers.authorization);
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
  const fault = cloud.faults.take(method, url.pathname);
  if (fault?.delay) await cloud.clock.wait(fault.delay);
  if (fault?.reset) throw new Cut();
  if (fault?.expired) cloud.artifactRegistry.tokens.expire();
  if (fault?.failed) cloud.operations.failNext(new ApiError(fault.failed.status, fault.failed.message));
  const stopped = fault?.status ? undefined : admit(route, bare, cloud);
  if (stopped) return stopped;
  if (route.streams) openStream(request, response);
  let body = bare.body;
  try {
    if (!route.streams) body = await readBody(request, response, route.limit);
  } catch (error) {
    if (error instanceof BodyTooLarge) return route.tooLarge(error);
    throw error;
  }
  if (fault?.status) return faulty(fault);
  const stream = fault?.cut === undefined ? request : cutAfter(request, fault.cut);
  const reply = await route.handler({ ...bare, body, stream }, cloud);
  if (fault?.lost) {
    cloud.requests.push({
      method,
      path: url.pathname + url.search,
      status: reply.status ?? 200,
      agent: request.headers['user-agent'] ?? '',
    });
    throw new Cut();
  }
  return reply;
}

/** Lets a call in that may send its body. @returns how it is turned away */
function admit({ access, guard }: Route, call: Call, cloud: Cloud): Reply | undefined {
  if (access) authorise(call, access, cloud);
  else if (guard === 'signed-in') requireSignedIn(call, cloud);
  else if (guard !== 'open') return guard(call, cloud);
  return undefined;
}

function authorise(call: Call, { api, permission, on }: Access, cloud: Cloud): void {
  const caller = requireCaller(call, cloud, api);
  const named = on ? fill(on, call.params) : resourceOf(call.url.pathname);
  const resource = named.replace(/^projects\/(?:-|\d+)(?=\/|$)/, (name) => projectOf(name, cloud));
  cloud.iam.require(caller, permission, resource);
}

/** `/v1/projects/p/x:verb` is about `projects/p/x`. */
function resourceOf(path: string): string {
  return decodeURIComponent(path.replace(/^\/v\d[^/]*\//, '').replace(/:[A-Za-z]+$/, ''));
}

/** Policies hang on the project's id; its number, and `-` where there is one project, mean the same. */
function projectOf(name: string, { project }: Cloud): string {
  return [`projects/${project.number}`, 'projects/-'].includes(name) ? `projects/${project.id}` : name;
}

/** The beginning of what is uploaded; the connection then breaks. */
function cutAfter(request: IncomingMessage, bytes: number): Readable {
  const beginning = async function* () {
    let left = bytes;
    for await (const chunk of request as AsyncIterable<Buffer>) {
      yield chunk.subarray(0, left);
      left -= chunk.length;
      if (left > 0) continue;
      request.socket.destroy();
      throw new Error('The connection was cut.');
    }
  };
  return Readable.from(beginning());
}
