import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { EngineConnection, EngineError } from './connection.ts';
import { innerListener } from './inner-listener.ts';
import { type OutputLine, outputLines } from './output-lines.ts';
import { Relays } from './relays.ts';

/** What the engine needs to know to create a container (https://docs.docker.com/reference/api/engine/#tag/Container/operation/ContainerCreate). */
export interface ContainerConfig {
  readonly Image: string;
  readonly Env: readonly string[];
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly WorkingDir?: string;
  readonly Labels: Readonly<Record<string, string>>;
  readonly ExposedPorts?: Readonly<Record<string, unknown>>;
  readonly HostConfig: Readonly<Record<string, unknown>>;
}

/** What an engine keeps of a container's output: the last of it, so that one that never stops writing fills neither disk nor memory. */
export const KEPT_OUTPUT = {
  LogConfig: { Type: 'json-file', Config: { 'max-size': '8m', 'max-file': '2' } },
} as const;

export interface ContainerState {
  readonly running: boolean;
  readonly exitCode: number;
  /** The port on 127.0.0.1 behind which a container port is published. */
  port(containerPort: number): number | undefined;
  /** Whether something in its network listens there; undefined where only a connection can tell. */
  hasListener(containerPort: number): Promise<boolean | undefined>;
}

/** Milliseconds that the pull of an image may take. */
const PULL_LIMIT = 30 * 60_000;
/** Looks at a container that is being removed, 20 a second. */
const REMOVAL_LOOKS = 600;

/** A Docker engine, spoken to over its HTTP API (https://docs.docker.com/reference/api/engine/). */
export class Engine {
  /** For what has no method here. */
  readonly connection: EngineConnection;
  readonly #made = new Set<string>();
  readonly #relays: Relays | undefined;

  /**
   * @param host `unix:///path` or `tcp://host:port`; default DOCKER_HOST, then Docker's own default
   * @param isBeside whether this runs in a container of the engine, beside those that it starts
   */
  constructor(host = process.env.DOCKER_HOST || 'unix:///var/run/docker.sock', isBeside = false) {
    this.connection = new EngineConnection(host);
    this.#relays = isBeside ? new Relays() : undefined;
  }

  /** What was made or pulled by this object and is not known to be gone, as docker's commands name it: `container NAME`. */
  get remains(): readonly string[] {
    return [...this.#made];
  }

  /** @throws EngineUnavailable */
  async ping(): Promise<void> {
    await this.connection.call('GET', '/_ping');
  }

  /** How many CPUs the engine has. */
  async cpus(): Promise<number> {
    return ((await this.connection.json('GET', '/info')) as { NCPU: number }).NCPU;
  }

  /**
   * Pulls an image of a registry by its digest, or by a tag.
   * @param name without digest, e.g. `127.0.0.1:8080/us-central1-docker.pkg.dev/p/r/image`
   * @throws EngineError when the registry refuses
   */
  async pull(
    name: string,
    digest: string,
    auth: { readonly username?: string; readonly password?: string } = {},
  ): Promise<void> {
    // The engine takes base64url with its padding only, and anything else for no credentials at all.
    const encoded = Buffer.from(JSON.stringify(auth))
      .toString('base64')
      .replaceAll('+', '-')
      .replaceAll('/', '_');
    const headers = { 'x-registry-auth': encoded };
    const path = `/images/create?fromImage=${encodeURIComponent(name)}&tag=${encodeURIComponent(digest)}`;
    this.#made.add(`image ${imageOf(name, digest)}`);
    const progress = (await this.connection.read('POST', path, { headers, limit: PULL_LIMIT })).toString(
      'utf8',
    );
    // The status is out before the pull begins, so its failure is the last line of the progress.
    const failure = /"error":("(?:[^"\\]|\\.)*")/.exec(progress)?.[1];
    if (!failure) return;
    this.#made.delete(`image ${imageOf(name, digest)}`);
    throw new EngineError(500, JSON.parse(failure) as string);
  }

  /** Creates a container that is yet to be started, and returns its id. */
  async create(name: string, config: object): Promise<string> {
    const path = `/containers/create?name=${encodeURIComponent(name)}`;
    const { Id: id } = (await this.connection.json('POST', path, config)) as { Id: string };
    this.#made.add(`container ${id}`);
    return id;
  }

  /** Unpacks a tar archive into a container's root. */
  async unpack(id: string, archive: Buffer): Promise<void> {
    await this.connection.drain('PUT', `/containers/${id}/archive?path=/`, { body: archive });
  }

  async start(id: string): Promise<void> {
    await this.connection.drain('POST', `/containers/${id}/start`, { tolerated: [304] });
  }

  /** Ends a container at once; one that has ended is no error. */
  async kill(id: string): Promise<void> {
    await this.connection.drain('POST', `/containers/${id}/kill`, { tolerated: [404, 409] });
  }

  /** Waits until a container has ended, and returns its exit code. */
  async wait(id: string): Promise<number> {
    const path = `/containers/${id}/wait`;
    const ended = await this.connection.json('POST', path, undefined, Number.POSITIVE_INFINITY);
    return (ended as { StatusCode: number }).StatusCode;
  }

  async inspect(id: string): Promise<ContainerState> {
    const { Id, State, NetworkSettings } = (await this.connection.json('GET', `/containers/${id}/json`)) as {
      Id: string;
      State: { Running: boolean; ExitCode: number; Pid: number };
      NetworkSettings: { IPAddress?: string; Ports: Record<string, { HostPort: string }[] | null> };
    };
    const relayed = await this.#relayed(Id, NetworkSettings);
    return {
      running: State.Running,
      exitCode: State.ExitCode,
      port: (containerPort) =>
        relayed?.get(containerPort) ??
        (Number(NetworkSettings.Ports[`${containerPort}/tcp`]?.[0]?.HostPort) || undefined),
      hasListener: (containerPort) => innerListener(Id, State.Pid, containerPort),
    };
  }

  /** Where a container's published ports are from here; undefined where the host's loopback leads to them. */
  async #relayed(
    id: string,
    { IPAddress: address, Ports: ports }: { IPAddress?: string; Ports: Record<string, unknown> },
  ): Promise<ReadonlyMap<number, number> | undefined> {
    const relays = this.#relays;
    if (!relays || !address) return undefined;
    const numbers = Object.keys(ports).map((port) => Number.parseInt(port, 10));
    return new Map(
      await Promise.all(numbers.map(async (port) => [port, await relays.to(id, address, port)] as const)),
    );
  }

  /** What a container wrote to stdout and stderr, oldest first; nothing of one that is gone. */
  async output(id: string): Promise<OutputLine[]> {
    const path = `/containers/${id}/logs?stdout=1&stderr=1&timestamps=1`;
    const answer = await this.connection.call('GET', path, { tolerated: [404, 409] });
    const frames = await buffer(answer);
    return answer.statusCode === 200 ? outputLines(frames) : [];
  }

  /** Asks a container to stop with SIGTERM, and ends it after at most `grace` seconds. */
  async stop(id: string, grace: number): Promise<void> {
    const limit = grace * 1000 + 60_000;
    await this.connection.drain('POST', `/containers/${id}/stop?t=${grace}`, {
      tolerated: [304, 404],
      limit,
    });
  }

  /** Removes a container, running or not; one that is gone is no error. */
  async remove(id: string): Promise<void> {
    await this.connection.drain('DELETE', `/containers/${id}?force=1&v=1`, { tolerated: [404, 409] });
    // 409 is a removal that someone else has begun: it is over when the container is not found any more.
    for (
      let left = REMOVAL_LOOKS;
      (await this.connection.status('GET', `/containers/${id}/json`)) === 200;
      left -= 1
    ) {
      if (left === 0) throw new EngineError(409, `Container ${id} is not removed yet.`);
      await sleep(50);
    }
    this.#made.delete(`container ${id}`);
    this.#relays?.close(id);
  }

  /** Takes a pulled reference back; layers that something else uses stay. */
  async untag(reference: string): Promise<void> {
    const status = await this.connection.status('DELETE', `/images/${reference}`);
    if (status < 300 || status === 404) this.#made.delete(`image ${reference}`);
  }

  /** Creates a volume that its containers share, in memory where its size is bounded. */
  async createVolume(name: string, label: string, bytes: number | undefined): Promise<void> {
    const [key = '', ...value] = label.split('=');
    const DriverOpts = bytes ? { type: 'tmpfs', device: 'tmpfs', o: `size=${bytes},mode=1777` } : {};
    const body = { Name: name, Labels: { [key]: value.join('=') }, DriverOpts };
    this.#made.add(`volume ${name}`);
    await this.connection.drain('POST', '/volumes/create', { body });
  }

  /** Removes a volume; one that is gone, or still used, is no error. */
  async removeVolume(name: string): Promise<void> {
    const status = await this.connection.status('DELETE', `/volumes/${encodeURIComponent(name)}?force=1`);
    if (status < 300 || status === 404) this.#made.delete(`volume ${name}`);
  }

  /** Names of the volumes with this label. */
  async labelledVolumes(label: string): Promise<string[]> {
    const filters = encodeURIComponent(JSON.stringify({ label: [label] }));
    const found = (await this.connection.json('GET', `/volumes?filters=${filters}`)) as {
      Volumes: { Name: string }[] | null;
    };
    return (found.Volumes ?? []).map(({ Name }) => Name);
  }

  /** Ids of the containers with this label, running or not. */
  async labelled(label: string): Promise<string[]> {
    const filters = encodeURIComponent(JSON.stringify({ label: [label] }));
    return (
      (await this.connection.json('GET', `/containers/json?all=1&filters=${filters}`)) as { Id: string }[]
    ).map(({ Id }) => Id);
  }
}

/** How an image is called that was pulled by its digest, or by a tag. */
function imageOf(name: string, version: string): string {
  return `${name}${version.includes(':') ? '@' : ':'}${version}`;
}
