import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { endToEnd } from './framing.ts';
import { offerOf } from './front.ts';

/** A backend's yes to another protocol. */
interface Accepted {
  readonly answer: IncomingMessage;
  readonly socket: Duplex;
  /** What it has sent of that already. */
  readonly head: Buffer;
}

/** Passes a backend's 101 on, and from then on every byte both ways. Resolves when both have ended. */
export function join(request: IncomingMessage, response: ServerResponse, accepted: Accepted): Promise<void> {
  const { answer, socket: upstream, head } = accepted;
  const offer = offerOf(request);
  if (!offer) {
    // A backend that changes the protocol unasked speaks to nobody.
    upstream.destroy();
    response.destroy();
    return Promise.resolve();
  }
  const client = offer.socket;
  response.detachSocket(client as Socket);
  const headers = endToEnd(answer.rawHeaders, ['content-length']);
  const lines = [`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}`];
  for (let index = 0; index + 1 < headers.length; index += 2)
    lines.push(`${headers[index]}: ${headers[index + 1]}`);
  lines.push('Connection: Upgrade', `Upgrade: ${answer.headers.upgrade ?? 'websocket'}`);
  client.write(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  return pipeBoth(client, offer.head, upstream, head);
}

/** Passes bytes between two connections until both have ended; one that breaks takes the other along. */
export function pipeBoth(one: Duplex, sentByOne: Buffer, other: Duplex, sentByOther: Buffer): Promise<void> {
  if (sentByOne.length > 0) other.write(sentByOne);
  if (sentByOther.length > 0) one.write(sentByOther);
  return new Promise((resolve) => {
    let open = 2;
    const ended = () => {
      open -= 1;
      if (open === 0) resolve();
    };
    for (const [from, to] of [
      [one, other],
      [other, one],
    ] as const) {
      from.on('error', () => to.destroy());
      from.once('close', () => {
        // What ended in good order was passed on; what broke is cut.
        if (!from.readableEnded) to.destroy();
        ended();
      });
      from.pipe(to);
    }
  });
}
