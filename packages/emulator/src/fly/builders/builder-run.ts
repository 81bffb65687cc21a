import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { EngineConnection } from '../../docker/connection.ts';
import { pass, passUpgrade } from '../../docker/pass.ts';
import type { Clock } from '../../kernel/clock.ts';
import { turnAway } from '../../kernel/http/front-door.ts';
import { send } from '../../kernel/http/reply.ts';
import type { Machine } from '../machines/machine.ts';
import type { Exit, Run } from '../machines/run.ts';
import { allows } from '../sign-in/token.ts';
import type { FlyState } from '../state.ts';
import { API_PORT, ENGINE_PORT, listenAddress } from './address.ts';

/** Milliseconds after a heartbeat in which a builder takes builds; the real one goes to sleep then. */
const IDLE = 10 * 60_000;
/** What a client needs that builds from a Dockerfile and pushes; the real builder names the same. */
const ALLOWED =
  /^\/grpc$|^(?:\/v[\d.]+)?\/(?:_ping|version|info|build|session|images(?:\/(?!(?:prune|load|get)$).*)?|distribution\/.*)$/;
const PUSH = /^(?:\/v[\d.]+)?\/images\/(.+)\/push$/;
const PING = /^(?:\/v[\d.]+)?\/_ping$/;

/** What a builder asks of what is around it. */
export interface BuilderSurroundings {
  readonly clock: Clock;
  readonly fly: FlyState;
}

/**
 * A remote builder that runs: the Docker engine of this host at port 2375 of the machine's address, and at 8080 what keeps it awake. On
 * Fly.io nobody outside of the organization's private network gets at the first; here it is open as long as someone with a token
 * of the organization asks for it at the second, as flyctl does before each build and every two minutes.
 *
 * @throws Error where its ports are taken
 * @see https://github.com/superfly/rchab/blob/main/dockerproxy/main.go
 */
export async function startBuilder(
  { clock, fly }: BuilderSurroundings,
  machine: Machine,
  engine: EngineConnection,
): Promise<Run> {
  const address = listenAddress(machine.privateIp);
  // As Go writes it, and as a URL does.
  const bracketed = `[${machine.privateIp}]`;
  const hosts = [bracketed, new URL(`http://${bracketed}`).hostname, address];
  let open = 0;
  /** What is the engine's only because it was built here. */
  const pushed = new Set<string>();
  const refused = (request: IncomingMessage) => {
    const page = turnAway(request, hosts);
    if (page) return page;
    const path = pathOf(request);
    if (PING.test(path)) return undefined;
    if (!ALLOWED.test(path)) return { status: 404, body: { message: 'page not found' } };
    if (clock.now() < open) return undefined;
    return { status: 401, body: { message: 'You are not authorized to use this builder' } };
  };
  const docker = createServer({ requestTimeout: 0 }, (request, response) => {
    const refusal = refused(request);
    if (refusal) return void send(request, response, refusal, clock.now());
    const [, name] = PUSH.exec(pathOf(request)) ?? [];
    const [, tag] = /[?&]tag=([^&]*)/.exec(request.url ?? '') ?? [];
    if (name) pushed.add(`${name}:${tag ? decodeURIComponent(tag) : 'latest'}`);
    pass(engine, request, response);
  });
  docker.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const refusal = refused(request);
    if (refusal) return void socket.end(`HTTP/1.1 ${refusal.status} Refused\r\nconnection: close\r\n\r\n`);
    passUpgrade(engine, request, socket, head);
  });
  const api = createServer((request, response) => {
    const refusal = turnAway(request, hosts);
    if (refusal) return void send(request, response, refusal, clock.now());
    if (!isAuthorized(fly, machine, request))
      return answer(response, 401, { message: 'You are not authorized to use this builder' });
    const path = pathOf(request);
    if (path === '/flyio/v1/settings') return answer(response, 200, { supports_wgless_deployment: true });
    if (path !== '/flyio/v1/extendDeadline') return answer(response, 404, { message: 'page not found' });
    open = clock.now() + IDLE;
    answer(response, 202);
  });
  const servers = [docker, api];
  const close = async () => {
    await Promise.all(servers.map(end));
    for (const name of pushed) await engine.status('DELETE', `/images/${name}`).catch(() => undefined);
    pushed.clear();
  };
  try {
    await listenAt(docker, address, ENGINE_PORT);
    await listenAt(api, address, API_PORT);
  } catch (error) {
    await close();
    throw error;
  }
  let exit!: (how: Exit) => void;
  const exited = new Promise<Exit>((resolve) => {
    exit = resolve;
  });
  return {
    exited,
    port: () => undefined,
    async signal(name) {
      await close();
      exit({ code: name === 'SIGKILL' ? 137 : 0, oomKilled: false });
    },
    probe: async () => ({ passing: true, output: '' }),
    exec: async () => ({
      code: 127,
      stdout: '',
      stderr: 'a remote builder of the local cloud has no shell\n',
    }),
    processes: async () => [
      {
        pid: 1,
        command: 'dockerproxy',
        listen_sockets: [ENGINE_PORT, API_PORT].map((port) => ({ proto: 'tcp', address: `[::]:${port}` })),
      },
    ],
    pause: async () => undefined,
    remove: close,
  };
}

/** The name of an app of the builder's organization, and a token that is good for it. */
function isAuthorized(fly: FlyState, { app: builder }: Machine, { headers }: IncomingMessage): boolean {
  const [, encoded = ''] = /^Basic (\S+)$/i.exec(headers.authorization ?? '') ?? [];
  const [, name = '', password] =
    /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? [];
  const app = fly.findApp(name);
  const token = fly.tokens.ofHeader(password);
  if (!app || !token || app.organization !== builder.organization) return false;
  return allows(token, app, 'write');
}

function pathOf({ url = '/' }: IncomingMessage): string {
  return url.replace(/\?.*/s, '');
}

function answer(response: ServerResponse, status: number, body?: unknown): void {
  response.writeHead(status, body ? { 'content-type': 'application/json' } : {});
  response.end(body && JSON.stringify(body));
}

function listenAt(server: Server, address: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function end(server: Server): Promise<void> {
  if (!server.listening) return;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
