import { chmodSync, rmSync } from 'node:fs';
import { request as ask, createServer, type IncomingMessage, type Server } from 'node:http';
import { Misuse } from '../../misuse.ts';
import type { Orders } from './orders.ts';
import type { Place } from './place.ts';

export type Handlers = {
  readonly [Order in keyof Orders]: (given: Orders[Order][0]) => Orders[Order][1] | Promise<Orders[Order][1]>;
};

/** Characters of an order, and of its answer: all the requests that a local cloud keeps. */
const LIMITS = { order: 16 * 1024 * 1024, answer: 256 * 1024 * 1024 } as const;

/** Takes orders at a place: JSON over a socket that nobody but its owner may open, which no web page reaches. */
export async function takeOrders({ socket }: Place, handlers: Handlers): Promise<Server> {
  const server = createServer(async (request, response) => {
    const name = (request.url ?? '').slice(1) as keyof Orders;
    const answer = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    try {
      const handler = handlers[name] as ((given: unknown) => unknown) | undefined;
      if (Object.hasOwn(handlers, name) && handler)
        answer(200, await handler(JSON.parse(await text(request, LIMITS.order))));
      else answer(404, { error: `This local cloud knows no order "${name}". Is it of another version?` });
    } catch (error) {
      answer(400, { error: (error as Error).message });
    }
  });
  if (process.platform !== 'win32') rmSync(socket, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socket, resolve);
  });
  if (process.platform !== 'win32') chmodSync(socket, 0o600);
  return server;
}

/**
 * Gives an order to the local cloud of a place.
 *
 * @throws Misuse with what it says
 */
export async function order<Order extends keyof Orders>(
  { socket }: Place,
  name: Order,
  given: Orders[Order][0],
): Promise<Orders[Order][1]> {
  return new Promise((resolve, reject) => {
    const request = ask({ socketPath: socket, path: `/${name}`, method: 'POST' }, async (response) => {
      try {
        const body = JSON.parse(await text(response, LIMITS.answer));
        if (response.statusCode === 200) resolve(body);
        else reject(new Misuse(body.error));
      } catch (error) {
        reject(error);
      }
    });
    request.on('error', (error) =>
      reject(new Misuse(`The local cloud does not answer at ${socket}: ${error.message}. Run gangway down.`)),
    );
    request.end(JSON.stringify(given));
  });
}

async function text(message: IncomingMessage, limit: number): Promise<string> {
  let body = '';
  for await (const chunk of message.setEncoding('utf8')) {
    body += chunk;
    if (body.length > limit) throw new Error('The message is too long.');
  }
  return body;
}
