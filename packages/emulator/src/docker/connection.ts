import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { buffer } from 'node:stream/consumers';

export interface EngineCall {
  /** Sent as JSON, a Buffer as the tar archive it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Statuses that are no error. */
  readonly tolerated?: readonly number[];
}

/** The HTTP side of a Docker engine: a call, and the engine's refusal as an error. */
export class EngineConnection {
  readonly #host: string;
  /** Where it listens. */
  readonly to: RequestOptions;

  /** @param host `unix:///path` or `tcp://host:port` */
  constructor(host: string) {
    this.#host = host;
    const { protocol, hostname, port, pathname } = new URL(host);
    this.to =
      protocol === 'unix:'
        ? { socketPath: decodeURIComponent(pathname) }
        : { host: hostname, port: port || 2375 };
  }

  async json(method: string, path: string, body?: unknown): Promise<unknown> {
    return JSON.parse((await buffer(await this.call(method, path, { body }))).toString('utf8'));
  }

  /** Sends what has no answer worth reading. */
  async drain(method: string, path: string, call: EngineCall = {}): Promise<void> {
    await buffer(await this.call(method, path, call));
  }

  /** The status alone, whatever it is. */
  async status(method: string, path: string): Promise<number> {
    const response = await this.#send(method, path, undefined, {});
    response.resume();
    return response.statusCode ?? 0;
  }

  /** @throws EngineUnavailable, EngineError */
  async call(
    method: string,
    path: string,
    { body, headers = {}, tolerated = [] }: EngineCall = {},
  ): Promise<IncomingMessage> {
    const response = await this.#send(method, path, body, headers);
    const { statusCode = 0 } = response;
    if (statusCode < 400 || tolerated.includes(statusCode)) return response;
    throw new EngineError(statusCode, messageOf(await buffer(response)));
  }

  #send(
    method: string,
    path: string,
    body: unknown,
    headers: Readonly<Record<string, string>>,
  ): Promise<IncomingMessage> {
    const raw = Buffer.isBuffer(body);
    const payload = raw ? body : body === undefined ? '' : JSON.stringify(body);
    const type = raw ? 'application/x-tar' : 'application/json';
    return new Promise((resolve, reject) => {
      const request = httpRequest({
        ...this.to,
        method,
        path,
        headers: {
          host: 'docker',
          'content-length': Buffer.byteLength(payload),
          ...(payload.length > 0 && { 'content-type': type }),
          ...headers,
        },
      });
      request.once('response', resolve);
      request.once('error', (error) => reject(new EngineUnavailable(this.#host, error)));
      request.end(payload);
    });
  }
}

/** No Docker engine answers where one was looked for. */
export class EngineUnavailable extends Error {
  constructor(host: string, cause: unknown) {
    super(
      `No Docker engine answers at ${host}. Install Docker (https://docs.docker.com/engine/install/, on Debian: apt-get install docker.io), start it, and set DOCKER_HOST if its socket is elsewhere.`,
      { cause },
    );
  }
}

/** What the engine refused, in its own words. */
export class EngineError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

function messageOf(body: Buffer): string {
  const text = body.toString('utf8');
  return text.startsWith('{') ? ((JSON.parse(text) as { message?: string }).message ?? text) : text;
}
