import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { buffer } from 'node:stream/consumers';

export interface EngineCall {
  /** Sent as JSON, a Buffer as the tar archive it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Statuses that are no error. */
  readonly tolerated?: readonly number[];
  /** Milliseconds until the answer must have come whole; default a minute. `Infinity` where a container's life is waited for. */
  readonly limit?: number;
}

/** Milliseconds that an engine has for what it does at once: more than one that is busy with a build takes. */
const LIMIT = 60_000;

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

  async json(method: string, path: string, body?: unknown, limit?: number): Promise<unknown> {
    return JSON.parse((await this.read(method, path, { body, ...(limit && { limit }) })).toString('utf8'));
  }

  /** The whole answer. */
  async read(method: string, path: string, call: EngineCall = {}): Promise<Buffer> {
    const answer = await this.call(method, path, call);
    return buffer(answer).catch((error: unknown) => {
      throw this.#failure(error, method, path, call.limit);
    });
  }

  /** Sends what has no answer worth reading. */
  async drain(method: string, path: string, call: EngineCall = {}): Promise<void> {
    await this.read(method, path, call);
  }

  /** The status alone, whatever it is. */
  async status(method: string, path: string): Promise<number> {
    const response = await this.#send(method, path, undefined, {}, LIMIT);
    response.resume();
    return response.statusCode ?? 0;
  }

  /** @throws EngineUnavailable, EngineError */
  async call(
    method: string,
    path: string,
    { body, headers = {}, tolerated = [], limit = LIMIT }: EngineCall = {},
  ): Promise<IncomingMessage> {
    const response = await this.#send(method, path, body, headers, limit);
    const { statusCode = 0 } = response;
    if (statusCode < 400 || tolerated.includes(statusCode)) return response;
    throw new EngineError(statusCode, messageOf(await buffer(response)));
  }

  #send(
    method: string,
    path: string,
    body: unknown,
    headers: Readonly<Record<string, string>>,
    limit: number,
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
        ...(Number.isFinite(limit) && { signal: AbortSignal.timeout(limit) }),
      });
      request.once('response', resolve);
      request.once('error', (error) => reject(this.#failure(error, method, path, limit)));
      request.end(payload);
    });
  }

  #failure(error: unknown, method: string, path: string, limit = LIMIT): Error {
    const { name } = error as Error;
    return name === 'AbortError' || name === 'TimeoutError'
      ? new EngineTimeout(this.#host, `${method} ${path.replace(/\?.*$/, '')}`, limit)
      : new EngineUnavailable(this.#host, error);
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

/** A Docker engine took a call and did not answer it in time. */
export class EngineTimeout extends Error {
  constructor(host: string, call: string, milliseconds: number) {
    super(
      `The Docker engine at ${host} did not answer ${call} within ${milliseconds / 1000} s. Look at its log, or restart it.`,
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
