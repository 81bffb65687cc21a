import { chmod, chown, rm } from 'node:fs/promises';
import { createServer as createHttpServer, type Server as HttpServer, type IncomingMessage } from 'node:http';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { createSecureContext, createServer as createTlsServer } from 'node:tls';
import { pipeBoth } from '../../../kernel/forward/tunnel.ts';
import type { Authority } from '../../../kernel/http/authority.ts';
import { API_LIMIT, readBody } from '../../../kernel/http/request-body.ts';
import type { Outcome } from './guest/shell.ts';
import type { MetadataServer } from './metadata/server.ts';
import { DOCKER_GROUP } from './root/folders.ts';

/** What answers behind the sockets of a machine. */
export interface Behind {
  readonly metadata: MetadataServer;
  readonly docker: HttpServer;
  readonly authority: Authority;
  /** The port on 127.0.0.1 that the local cloud listens at. */
  readonly port: number;
  /** A program of the machine's that asks the local cloud: `systemctl`, `journalctl`. */
  program(name: string, args: readonly string[]): Promise<Outcome>;
}

/** The sockets through which a machine reaches what is around it; all that it reaches of the local cloud it reaches by them. */
export async function openSockets(shared: string, behind: Behind): Promise<{ close(): void }> {
  const { metadata, docker, authority, port, program } = behind;
  const toCloud = (socket: Parameters<typeof pipeBoth>[0]) =>
    void pipeBoth(
      socket,
      Buffer.alloc(0),
      connect({ port, host: '127.0.0.1', allowHalfOpen: true }),
      Buffer.alloc(0),
    );
  const tls = createTlsServer(
    {
      ...(await authority.identityOf('www.googleapis.com')),
      ALPNProtocols: ['http/1.1'],
      SNICallback: (host, done) =>
        void authority.identityOf(host.toLowerCase()).then(
          (identity) => done(null, createSecureContext(identity)),
          (error: Error) => done(error),
        ),
    },
    toCloud,
  );
  tls.on('tlsClientError', (_, socket) => socket.destroy());
  const servers: Readonly<Record<string, Server | HttpServer>> = {
    metadata: createHttpServer({ requestTimeout: 0 }, (request, response) => {
      metadata.handle(request, response).catch(() => response.destroy());
    }),
    cloud: createServer({ allowHalfOpen: true }, toCloud),
    tls,
    host: createHttpServer((request, response) => {
      answerOf(program, request, response).catch(() => response.destroy());
    }),
    docker,
  };
  for (const [name, server] of Object.entries(servers)) {
    const path = join(shared, `${name}.sock`);
    await rm(path, { force: true });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, resolve);
    });
    await chmod(path, 0o666);
    if (name !== 'docker') continue;
    // As root this machine can say which group of the machine's may speak to Docker.
    await chown(path, 0, DOCKER_GROUP).then(
      () => chmod(path, 0o660),
      () => undefined,
    );
  }
  return {
    close: () => {
      for (const server of Object.values(servers)) {
        if ('closeAllConnections' in server) server.closeAllConnections();
        server.close();
      }
    },
  };
}

async function answerOf(
  program: Behind['program'],
  request: IncomingMessage,
  response: Parameters<typeof readBody>[1],
): Promise<void> {
  const { program: name, args } = JSON.parse(
    (await readBody(request, response, API_LIMIT)).toString('utf8'),
  ) as {
    program: string;
    args: readonly string[];
  };
  response.end(JSON.stringify(await program(name, args)));
}
