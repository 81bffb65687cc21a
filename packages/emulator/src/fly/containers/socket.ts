import { chmod } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { send } from '../../kernel/http/reply.ts';
import { BodyTooLarge, OPEN_LIMIT, readBody } from '../../kernel/http/request-body.ts';
import { tooLarge } from '../errors.ts';
import type { Machine } from '../machines/machine.ts';
import type { Surroundings } from './surroundings.ts';

/** The socket through which a machine speaks with the platform. */
export interface MachineSocket {
  close(): Promise<void>;
}

/**
 * Opens what a machine finds as `/.fly/api`: the Machines API, where its init adds a token that stands for the
 * machine and that nothing in the machine ever sees (https://fly.io/docs/security/openid-connect/).
 *
 * @param path where the socket is to be
 */
export async function openMachineSocket(
  cloud: Pick<Surroundings, 'fly' | 'clock' | 'origin'>,
  machine: Machine,
  path: string,
): Promise<MachineSocket> {
  const { app } = machine;
  const token = cloud.fly.tokens.issue({
    kind: 'machine',
    name: machine.id,
    organization: app.organization,
    app,
    machine: machine.id,
  });
  const server = createServer((request, response) => {
    pass(cloud, token.word, request, response).catch(async (error: unknown) => {
      if (!(error instanceof BodyTooLarge)) return response.destroy();
      return send(request, response, tooLarge().flaps, cloud.clock.now());
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  // Whoever the main process runs as may ask.
  await chmod(path, 0o666);
  return {
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function pass(
  cloud: Pick<Surroundings, 'origin'>,
  token: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = 'GET', url = '/' } = request;
  const sent = await readBody(request, response, OPEN_LIMIT);
  const answer = await fetch(new URL(url, cloud.origin), {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(sent.length > 0 && { body: new Uint8Array(sent) }),
  });
  const body = Buffer.from(await answer.arrayBuffer());
  response.writeHead(answer.status, {
    'content-type': answer.headers.get('content-type') ?? 'text/plain',
    'content-length': body.length,
  });
  response.end(body);
}
