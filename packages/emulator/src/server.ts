import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Cloud } from './cloud.ts';
import { ApiError, insufficientScopes, serviceDisabled, unauthenticated } from './errors.ts';
import type { Fault } from './faults.ts';
import type { Access, Call, Reply, Route } from './handler.ts';
import type { Principal } from './identity/principal.ts';
import { selfSignedPrincipal } from './identity/service-account-jwt.ts';
import { CLOUD_PLATFORM } from './identity/tokens.ts';
import { createRouter, fill, type Match } from './router.ts';
import { isEnabled, titleOf } from './services/service-usage.ts';

export interface RunningServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Serves the routes on loopback: reads, injects faults, authenticates, authorises, calls the handler. */
export async function serve(
  routes: readonly Route[],
  cloud: () => Cloud,
  port: number,
): Promise<RunningServer> {
  const find = createRouter(routes);
  const server = createServer((request, response) => {
    void answer(request, response, find, cloud());
  });
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

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  find: (method: string, path: string) => Match | undefined,
  cloud: Cloud,
): Promise<void> {
  const method = request.method ?? 'GET';
  const agent = request.headers['user-agent'] ?? '';
  // gcloud behind CLOUDSDK_PROXY_* sends absolute-form request lines; URL takes both forms.
  const url =
    URL.parse(request.url ?? '/', `http://${request.headers.host ?? '127.0.0.1'}`) ??
    new URL('/', 'http://127.0.0.1');
  try {
    const match = find(method, url.pathname);
    const body = !match || match.route.streams ? Buffer.alloc(0) : await read(request);
    const fault = cloud.faults.take(method, url.pathname);
    if (fault?.delay) await cloud.clock.wait(fault.delay);
    if (fault?.reset) return void request.socket.destroy();
    if (fault?.expired) cloud.artifactRegistry.tokens.expire();
    if (fault?.failed) cloud.operations.failNext(new ApiError(fault.failed.status, fault.failed.message));
    const reply = fault?.status
      ? faulty(fault)
      : await dispatch(
          match,
          {
            method,
            url,
            query: url.searchParams,
            params: {},
            headers: request.headers,
            body,
            stream: fault?.cut === undefined ? request : cutAfter(request, fault.cut),
            principal: undefined,
          },
          cloud,
        );
    cloud.requests.push({ method, path: url.pathname + url.search, status: reply.status ?? 200, agent });
    if (fault?.lost) return void request.socket.destroy();
    send(response, method, reply, cloud);
  } catch (error) {
    const reply = error instanceof ApiError ? { status: error.httpStatus, body: error.body } : crashed(error);
    cloud.requests.push({ method, path: url.pathname + url.search, status: reply.status, agent });
    send(response, method, reply, cloud);
  }
}

async function dispatch(match: Match | undefined, bare: Call, cloud: Cloud): Promise<Reply> {
  if (!match) return unknownPath(bare.url);
  const call = { ...bare, params: match.params, principal: authenticate(bare, cloud) };
  if (call.principal && !inScope(call, cloud)) throw insufficientScopes(match.route.access?.api);
  if (match.route.access) authorise(call, match.route.access, cloud);
  return match.route.handler(call, cloud);
}

/** The principal of the bearer token, if there is a good one. */
function authenticate(call: Call, cloud: Cloud): Principal | undefined {
  const token = bearerOf(call.headers.authorization);
  return token ? (cloud.tokens.verify(token) ?? selfSignedPrincipal(cloud, token)) : undefined;
}

function authorise(call: Call, { api, permission, on }: Access, cloud: Cloud): void {
  if (!call.principal) throw unauthenticated();
  const named = on ? fill(on, call.params) : resourceOf(call.url.pathname);
  const resource = named.replace(/^projects\/(?:-|\d+)(?=\/|$)/, (name) => projectOf(name, cloud));
  if (!isEnabled(cloud, api)) throw serviceDisabled(api, titleOf(api), cloud.project.number);
  cloud.iam.require(call.principal, permission, resource);
}

/**
 * Whether the token's OAuth scopes let it call: all of Google Cloud, or its reading half for what only reads. Other scopes are those
 * of services that are not here.
 */
function inScope({ method, url, headers }: Call, { tokens }: Cloud): boolean {
  const scopes = tokens.scopes(bearerOf(headers.authorization) ?? '');
  // A self-signed JWT is checked by its own claims.
  if (!scopes || scopes.includes(CLOUD_PLATFORM)) return true;
  // gcloud asks for this one alone where it goes on to impersonate.
  if (scopes.includes('https://www.googleapis.com/auth/iam') && /\/serviceAccounts\//.test(url.pathname))
    return true;
  return method === 'GET' && scopes.includes(`${CLOUD_PLATFORM}.read-only`);
}

function bearerOf(authorization = ''): string | undefined {
  return /^Bearer (\S+)$/i.exec(authorization)?.[1];
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

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function send(
  response: ServerResponse,
  method: string,
  { status = 200, headers = {}, body }: Reply,
  cloud: Cloud,
): void {
  // Clients tell by it how far their own clock is off.
  response.setHeader('date', new Date(cloud.clock.now()).toUTCString());
  if (body instanceof Readable) {
    sendStream(response, status, headers, body);
    return;
  }
  const raw = typeof body === 'string' || Buffer.isBuffer(body);
  const payload = body === undefined ? '' : raw ? body : JSON.stringify(body, null, 1);
  response.writeHead(status, {
    ...(body !== undefined && !raw && { 'content-type': 'application/json; charset=UTF-8' }),
    ...(method !== 'HEAD' && status !== 204 && { 'content-length': String(Buffer.byteLength(payload)) }),
    ...headers,
  });
  response.end(method === 'HEAD' ? undefined : payload);
}

/** A stream that breaks can only be told by a cut connection: the status is already out. */
function sendStream(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: Readable,
): void {
  response.writeHead(status, headers);
  pipeline(body, response).catch(() => response.destroy());
}

function faulty({ status = 503, body, headers = {} }: Fault): Reply {
  const canonical = status === 429 ? 'RESOURCE_EXHAUSTED' : status === 500 ? 'INTERNAL' : 'UNAVAILABLE';
  return {
    status,
    headers,
    body: body ?? {
      error: { code: status, message: 'The service is currently unavailable.', status: canonical },
    },
  };
}

/** Google's front end answers an unknown path with a page, not with JSON. */
function unknownPath(url: URL): Reply {
  return {
    status: 404,
    headers: { 'content-type': 'text/html; charset=UTF-8' },
    body: `<!DOCTYPE html>\n<html lang=en>\n<title>Error 404 (Not Found)!!1</title>\n<p><b>404.</b> <ins>That’s an error.</ins>\n<p>The requested URL <code>${url.pathname}</code> was not found on this server. <ins>That’s all we know.</ins>\n`,
  };
}

function crashed(error: unknown): { status: number; body: unknown } {
  const known =
    error instanceof SyntaxError
      ? new ApiError('INVALID_ARGUMENT', `Invalid JSON payload received. ${error.message}`)
      : new ApiError(
          'INTERNAL',
          `Internal error encountered. ${error instanceof Error ? error.stack : error}`,
        );
  return { status: known.httpStatus, body: known.body };
}
