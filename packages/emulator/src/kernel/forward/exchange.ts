import { once } from 'node:events';
import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import { linger } from '../http/request-body.ts';
import { BodyTooLong, type RequestBody } from './body.ts';
import { ForwardError } from './forward-error.ts';
import { endToEnd, safeTrailers } from './framing.ts';
import { join } from './tunnel.ts';

/** How long one attempt may take, in milliseconds; default: any time. */
interface Limits {
  /** Until the answer must have begun. */
  readonly begin?: number;
  /** From the end of the request to the end of the answer. */
  readonly end?: number;
}

const CONNECT_TIMEOUT = 20_000;

/** One attempt, from connecting to the end of the answer. */
export class Exchange {
  readonly #request: IncomingMessage;
  readonly #upstream: ClientRequest;
  readonly #response: ServerResponse;
  readonly #timers: NodeJS.Timeout[] = [];
  #connected = false;
  #late = false;

  constructor(request: IncomingMessage, upstream: ClientRequest, response: ServerResponse) {
    this.#request = request;
    this.#upstream = upstream;
    this.#response = response;
  }

  /** @param body undefined for a request that has none */
  async run(body: RequestBody | undefined, { begin, end }: Limits): Promise<void> {
    const gone = () => this.#upstream.destroy();
    this.#response.once('close', gone);
    try {
      const answered = this.#answered();
      // Told by the awaited one below.
      answered.catch(() => undefined);
      if (begin !== undefined) this.#after(begin, () => !this.#response.headersSent);
      const sent = this.#send(body).then(() => {
        if (end !== undefined) this.#after(end, () => true);
      });
      sent.catch(() => undefined);
      // A backend may answer before it has read everything; a body that is too long is no answer of its.
      await Promise.race([answered, sent.then(() => answered)]);
    } finally {
      for (const timer of this.#timers) clearTimeout(timer);
      this.#response.off('close', gone);
    }
  }

  #answered(): Promise<void> {
    const upstream = this.#upstream;
    upstream.once('socket', (socket) => {
      this.#connected = !socket.connecting;
      if (this.#connected) return;
      const connecting = setTimeout(() => upstream.destroy(), CONNECT_TIMEOUT);
      this.#timers.push(connecting);
      socket.once('connect', () => {
        this.#connected = true;
        clearTimeout(connecting);
      });
    });
    return new Promise<void>((resolve, reject) => {
      upstream.once('response', (answer) => void this.#relay(answer).then(resolve, reject));
      upstream.once('upgrade', (answer, socket, head) =>
        resolve(join(this.#request, this.#response, { answer, socket, head })),
      );
      const failed = (error?: NodeJS.ErrnoException) => {
        // What has begun is told by a cut connection alone.
        if (this.#response.headersSent || this.#response.destroyed) resolve();
        else if (this.#late) reject(new ForwardError('timeout'));
        else
          reject(
            new ForwardError('unreachable', this.#reason(error), {
              cause: error,
              kept: upstream.reusedSocket,
            }),
          );
      };
      upstream.on('error', failed);
      // Destroying a request that never got a socket says nothing but `close`.
      upstream.once('close', () => {
        if (!this.#response.headersSent) failed();
      });
    });
  }

  async #send(body: RequestBody | undefined): Promise<void> {
    const upstream = this.#upstream;
    if (!body) return void upstream.end();
    try {
      for await (const chunk of body.chunks()) {
        if (upstream.destroyed) return;
        if (!upstream.write(chunk)) await drained(upstream);
      }
    } catch (error) {
      upstream.destroy();
      if (error instanceof BodyTooLong) throw new ForwardError('too-large');
      return;
    }
    const trailers = safeTrailers(this.#request.rawTrailers);
    if (trailers.length > 0) upstream.addTrailers(trailers);
    upstream.end();
  }

  async #relay(answer: IncomingMessage): Promise<void> {
    const response = this.#response;
    // Nobody would take the rest of the body for one: the connection ends with this answer.
    const early = !this.#request.complete;
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage, [
      ...endToEnd(answer.rawHeaders, answer.headers['transfer-encoding'] ? ['content-length'] : []),
      ...(early ? ['Connection', 'close'] : []),
    ]);
    // The status is sent: all that is left to tell the client is that the body is cut short.
    if (!(await passOn(answer, response))) return void response.destroy();
    const trailers = safeTrailers(answer.rawTrailers);
    if (trailers.length > 0) response.addTrailers(trailers);
    if (!this.#request.complete) await linger(this.#request);
    // Of a connection that is used again, the rest of an unread request would be the beginning of the next one.
    if (!this.#upstream.writableFinished) this.#upstream.destroy();
    response.end();
  }

  #after(milliseconds: number, counts: () => boolean): void {
    const timer = setTimeout(() => {
      if (!counts()) return;
      this.#late = true;
      this.#upstream.destroy();
      if (this.#response.headersSent) this.#response.destroy();
    }, milliseconds);
    this.#timers.push(timer);
  }

  #reason(error?: NodeJS.ErrnoException): string {
    if (this.#connected) return 'connection termination';
    if (!error?.code) return 'connection timeout';
    const cause = error.code === 'ECONNREFUSED' ? 'Connection refused' : error.message;
    return `remote connection failure, transport failure reason: delayed connect error: ${cause}`;
  }
}

/** Sends what an answer says as it comes. @returns whether all of it came */
function passOn(answer: IncomingMessage, response: ServerResponse): Promise<boolean> {
  // The head goes with the first of the body, if that is there by now: one packet for both.
  const head = setImmediate(() => response.flushHeaders());
  return new Promise<boolean>((resolve) => {
    const ended = () => resolve(answer.complete);
    answer.on('data', (chunk: Buffer) => {
      if (response.destroyed || response.write(chunk)) return;
      answer.pause();
      response.once('drain', () => answer.resume());
    });
    answer.once('end', ended).once('close', ended);
    // `close` follows.
    answer.on('error', () => undefined);
  }).finally(() => clearImmediate(head));
}

/** Resolves when more may be written, or when nothing will be any more. */
async function drained(stream: ClientRequest | ServerResponse): Promise<void> {
  const settled = new AbortController();
  const options = { signal: settled.signal };
  try {
    await Promise.race([once(stream, 'drain', options), once(stream, 'close', options)]);
  } finally {
    settled.abort();
  }
}
