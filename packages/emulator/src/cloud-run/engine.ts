import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

/** What the engine needs to know to create a container (https://docs.docker.com/reference/api/engine/#tag/Container/operation/ContainerCreate). */
export interface ContainerConfig {
  readonly Image: string;
  readonly Env: readonly string[];
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly WorkingDir?: string;
  readonly Labels: Readonly<Record<string, string>>;
  readonly ExposedPorts: Readonly<Record<string, object>>;
  readonly HostConfig: Readonly<Record<string, unknown>>;
}

export interface ContainerState {
  readonly running: boolean;
  readonly exitCode: number;
  /** The port on 127.0.0.1 behind which a container port is published. */
  port(containerPort: number): number | undefined;
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

/** A Docker engine, spoken to over its HTTP API (https://docs.docker.com/reference/api/engine/). */
export class Engine {
  readonly #host: string;
  readonly #to: RequestOptions;

  /** @param host `unix:///path` or `tcp://host:port`; default DOCKER_HOST, then Docker's own default */
  constructor(host = process.env.DOCKER_HOST || 'unix:///var/run/docker.sock') {
    this.#host = host;
    const { protocol, hostname, port, pathname } = new URL(host);
    this.#to =
      protocol === 'unix:'
        ? { socketPath: decodeURIComponent(pathname) }
        : { host: hostname, port: port || 2375 };
  }

  /** @throws EngineUnavailable */
  async ping(): Promise<void> {
    await this.#call('GET', '/_ping');
  }

  /** How many CPUs the engine has. */
  async cpus(): Promise<number> {
    return ((await this.#json('GET', '/info')) as { NCPU: number }).NCPU;
  }

  /**
   * Pulls an image of a registry by its digest.
   * @param name without digest, e.g. `127.0.0.1:8080/us-central1-docker.pkg.dev/p/r/image`
   * @throws EngineError when the registry refuses
   */
  async pull(name: string, digest: string, auth: { username: string; password: string }): Promise<void> {
    // The engine takes base64url with its padding only, and anything else for no credentials at all.
    const encoded = Buffer.from(JSON.stringify(auth))
      .toString('base64')
      .replaceAll('+', '-')
      .replaceAll('/', '_');
    const headers = { 'x-registry-auth': encoded };
    const path = `/images/create?fromImage=${encodeURIComponent(name)}&tag=${encodeURIComponent(digest)}`;
    const progress = (await buffer(await this.#call('POST', path, { headers }))).toString('utf8');
    // The status is out before the pull begins, so its failure is the last line of the progress.
    const failure = /"error":("(?:[^"\\]|\\.)*")/.exec(progress)?.[1];
    if (failure) throw new EngineError(500, JSON.parse(failure) as string);
  }

  /** Creates a container and starts it; one that does not start is removed again. Returns its id. */
  async run(name: string, config: ContainerConfig): Promise<string> {
    const created = await this.#json('POST', `/containers/create?name=${encodeURIComponent(name)}`, config);
    const { Id: id } = created as { Id: string };
    try {
      await this.start(id);
    } catch (error) {
      await this.remove(id);
      throw error;
    }
    return id;
  }

  async start(id: string): Promise<void> {
    await this.#drain('POST', `/containers/${id}/start`);
  }

  async inspect(id: string): Promise<ContainerState> {
    const { State, NetworkSettings } = (await this.#json('GET', `/containers/${id}/json`)) as {
      State: { Running: boolean; ExitCode: number };
      NetworkSettings: { Ports: Record<string, { HostPort: string }[] | null> };
    };
    return {
      running: State.Running,
      exitCode: State.ExitCode,
      port: (containerPort) =>
        Number(NetworkSettings.Ports[`${containerPort}/tcp`]?.[0]?.HostPort) || undefined,
    };
  }

  /** The last lines that a container wrote to stdout and stderr. */
  async logs(id: string, lines: number): Promise<string> {
    const frames = await buffer(
      await this.#call('GET', `/containers/${id}/logs?stdout=1&stderr=1&tail=${lines}`),
    );
    return unframe(frames).trimEnd();
  }

  /** Asks a container to stop, as Cloud Run does with SIGTERM, and removes it after at most `grace` seconds. */
  async stop(id: string, grace: number): Promise<void> {
    await this.#drain('POST', `/containers/${id}/stop?t=${grace}`, [404]);
    await this.remove(id);
  }

  /** Removes a container, running or not; one that is gone is no error. */
  async remove(id: string): Promise<void> {
    await this.#drain('DELETE', `/containers/${id}?force=1&v=1`, [404, 409]);
    // 409 is a removal that someone else has begun: it is over when the container is not found any more.
    while ((await this.#status('GET', `/containers/${id}/json`)) === 200) await sleep(50);
  }

  /** Takes a pulled reference back; layers that something else uses stay. */
  async untag(reference: string): Promise<void> {
    await this.#status('DELETE', `/images/${reference}`);
  }

  /** Ids of the containers with this label, running or not. */
  async labelled(label: string): Promise<string[]> {
    const filters = encodeURIComponent(JSON.stringify({ label: [label] }));
    return ((await this.#json('GET', `/containers/json?all=1&filters=${filters}`)) as { Id: string }[]).map(
      ({ Id }) => Id,
    );
  }

  async #json(method: string, path: string, body?: unknown): Promise<unknown> {
    return JSON.parse((await buffer(await this.#call(method, path, { body }))).toString('utf8'));
  }

  async #drain(method: string, path: string, tolerated: readonly number[] = []): Promise<void> {
    await buffer(await this.#call(method, path, { tolerated }));
  }

  async #status(method: string, path: string): Promise<number> {
    const response = await this.#send(method, path, undefined, {});
    response.resume();
    return response.statusCode ?? 0;
  }

  async #call(
    method: string,
    path: string,
    {
      body,
      headers = {},
      tolerated = [],
    }: { body?: unknown; headers?: Record<string, string>; tolerated?: readonly number[] } = {},
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
    headers: Record<string, string>,
  ): Promise<IncomingMessage> {
    const payload = body === undefined ? '' : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const request = httpRequest({
        ...this.#to,
        method,
        path,
        headers: {
          host: 'docker',
          'content-length': Buffer.byteLength(payload),
          ...(payload && { 'content-type': 'application/json' }),
          ...headers,
        },
      });
      request.once('response', resolve);
      request.once('error', (error) => reject(new EngineUnavailable(this.#host, error)));
      request.end(payload);
    });
  }
}

function messageOf(body: Buffer): string {
  const text = body.toString('utf8');
  return text.startsWith('{') ? ((JSON.parse(text) as { message?: string }).message ?? text) : text;
}

/** Strips the headers of 8 bytes that the engine puts before each piece of output of a container without a terminal. */
function unframe(frames: Buffer): string {
  const pieces: Buffer[] = [];
  for (let at = 0; at + 8 <= frames.length; ) {
    const end = at + 8 + frames.readUInt32BE(at + 4);
    pieces.push(frames.subarray(at + 8, end));
    at = end;
  }
  return Buffer.concat(pieces).toString('utf8');
}
