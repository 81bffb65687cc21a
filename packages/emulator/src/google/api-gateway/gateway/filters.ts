import type { IncomingMessage, ServerResponse } from 'node:http';
import { ForwardError } from '../../../kernel/forward/forward-error.ts';
import type { CompiledBackend } from '../import/compiled.ts';
import { type Caller, type Consumer, checkApiKey } from './api-key.ts';
import { checkJwt } from './jwt/jwt.ts';
import { Rejection } from './rejection.ts';
import { addressOf } from './routing/backend-address.ts';
import { backendPath } from './routing/backend-path.ts';
import { requestPath } from './routing/request-path.ts';
import type { MatchedRoute, RouteTable } from './routing/route-table.ts';
import type { Surroundings } from './surroundings.ts';

/** What a gateway is running now; an update replaces it whole. */
export interface Running {
  readonly table: RouteTable;
  readonly managedService: string;
  /** E-mail of the account that ID tokens for backends are made out to. */
  readonly serviceAccount: string;
}

/** Bytes of a request's body (https://cloud.google.com/api-gateway/docs/quotas). */
const MAX_BYTES = 32 * 1024 * 1024;
const USER_INFO = 'X-Apigateway-Api-Userinfo';
const CONSUMER_TYPE = 'X-Apigateway-Api-Consumer-Type';
const CONSUMER_NUMBER = 'X-Apigateway-Api-Consumer-Number';
// The gateway alone says who calls: what a client claims in these is not passed on.
const OWN_HEADERS = [USER_INFO, CONSUMER_TYPE, CONSUMER_NUMBER, 'X-Http-Method-Override'].map((name) =>
  name.toLowerCase(),
);

/**
 * Serves one request in the order of ESPv2's filters: method override, route, JWT, API key, backend
 * authentication, path translation, proxying.
 *
 * @throws Rejection with what the gateway answers itself
 */
export async function serveRequest(
  request: IncomingMessage,
  response: ServerResponse,
  running: Running,
  surroundings: Surroundings,
): Promise<void> {
  refuseUnderscores(request);
  const method = methodOf(request);
  const target = requestPath(request.url ?? '/');
  const route = running.table.find(method, target.path);
  const query = new URLSearchParams(target.query);
  const userInfo = route.preflight
    ? undefined
    : await checkCaller(request, route, query, running, surroundings);
  const consumer = route.preflight ? undefined : checkConsumer(request, route, query, running, surroundings);
  const { backend } = route.operation;
  const token = await backendToken(backend, running.serviceAccount, surroundings);
  await surroundings.forwarder
    .forward(request, response, {
      origin: addressOf(backend).origin,
      method,
      path: backendPath(backend, target, route.variables),
      headers: [...forwarded(request, token), ...generated(userInfo, consumer)],
      end: backend.deadline * 1000,
      limit: MAX_BYTES,
      again: true,
    })
    .catch((error: unknown) => {
      throw error instanceof ForwardError ? rejectionOf(error) : error;
    });
}

/** What Envoy answers itself where nothing came back. */
function rejectionOf({ reason, detail }: ForwardError): Rejection {
  if (reason === 'timeout') return new Rejection(504, 'upstream request timeout');
  if (reason === 'too-large') return new Rejection(413, 'Payload Too Large');
  if (reason === 'misframed')
    return new Rejection(Number(detail), detail === '501' ? 'Not Implemented' : 'Bad Request');
  const why = detail.startsWith('retried') ? detail : `reset reason: ${detail}`;
  return new Rejection(503, `upstream connect error or disconnect/reset before headers. ${why}`);
}

/**
 * ESPv2 has Envoy refuse headers with an underscore in their name, which many a backend reads as a dash
 * (HeadersWithUnderscoresAction of https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/core/v3/protocol.proto).
 */
function refuseUnderscores({ rawHeaders }: IncomingMessage): void {
  if (rawHeaders.some((name, index) => index % 2 === 0 && name.includes('_')))
    throw new Rejection(400, 'Bad Request');
}

/** `x-http-method-override` takes the place of the method before a route is looked for. */
function methodOf({ method = 'GET', headers }: IncomingMessage): string {
  const override = [headers['x-http-method-override']].flat()[0];
  return override || method;
}

async function checkCaller(
  request: IncomingMessage,
  { operation }: MatchedRoute,
  query: URLSearchParams,
  running: Running,
  { clock, jwks }: Surroundings,
): Promise<string | undefined> {
  if (operation.jwt.length === 0) return undefined;
  const url = `http://${request.headers.host ?? ''}${request.url ?? '/'}`;
  const context = { jwks, now: clock.now(), managedService: running.managedService };
  return checkJwt(operation.jwt, { headers: request.headers, query, url }, context);
}

function checkConsumer(
  request: IncomingMessage,
  { operation }: MatchedRoute,
  query: URLSearchParams,
  running: Running,
  surroundings: Surroundings,
): Consumer | undefined {
  const caller: Caller = { headers: request.headers, query, address: request.socket.remoteAddress ?? '' };
  return checkApiKey(surroundings, running.managedService, operation, caller);
}

async function backendToken(
  backend: CompiledBackend,
  account: string,
  { accounts, backendTokens }: Surroundings,
): Promise<string | undefined> {
  if (backend.disableAuth) return undefined;
  const audience = backend.jwtAudience ?? addressOf(backend).origin.origin;
  const found = accounts.find(account);
  if (!found || found.disabled) throw new Rejection(500, `Token not found for audience: ${audience}`);
  return backendTokens.token(found, audience);
}

/** The client's headers, its `Authorization` making way for the gateway's own token. */
function forwarded(request: IncomingMessage, token: string | undefined): string[] {
  const { authorization } = request.headers;
  const dropped = [
    ...OWN_HEADERS,
    'x-forwarded-for',
    ...(token ? ['authorization'] : []),
    ...(token && authorization ? ['x-forwarded-authorization'] : []),
  ];
  const headers: string[] = [];
  for (let index = 0; index + 1 < request.rawHeaders.length; index += 2) {
    const [name = '', value = ''] = [request.rawHeaders[index], request.rawHeaders[index + 1]];
    if (!dropped.includes(name.toLowerCase())) headers.push(name, value);
  }
  const before = request.headers['x-forwarded-for'];
  const chain = [...(before ? [before] : []).flat(), request.socket.remoteAddress ?? ''].join(',');
  headers.push('X-Forwarded-For', chain);
  if (!request.headers['x-forwarded-proto']) headers.push('X-Forwarded-Proto', 'http');
  if (token) headers.push('Authorization', `Bearer ${token}`);
  if (token && authorization) headers.push('X-Forwarded-Authorization', authorization);
  return headers;
}

function generated(userInfo: string | undefined, consumer: Consumer | undefined): string[] {
  const user = userInfo === undefined ? [] : [USER_INFO, userInfo];
  return consumer ? [...user, CONSUMER_TYPE, consumer.type, CONSUMER_NUMBER, consumer.number] : user;
}
