import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cloud } from '../cloud.ts';
import { type ContainerSpec, type Instance, ready, startContainer } from './container.ts';
import { Engine } from './engine.ts';
import { type Backend, Front } from './front.ts';
import type { Invocation } from './invoker.ts';

/** Seconds Cloud Run gives an instance between SIGTERM and SIGKILL. */
const GRACE = 10;

/** The data plane of Cloud Run: containers of a Docker engine, and the listeners in front of them. */
export class ContainerPlane {
  readonly #engine: Engine;
  readonly #label = `dev.gangway.cloud=${process.pid}-${randomBytes(4).toString('hex')}`;
  readonly #fronts = new Map<string, Front>();
  readonly #running = new Map<string, Running>();
  readonly #pulled = new Set<string>();
  readonly #starting = new Set<Promise<Instance>>();
  readonly #closing = new AbortController();

  /** @param dockerHost as DOCKER_HOST; default that variable, then Docker's own default */
  constructor(dockerHost?: string) {
    this.#engine = new Engine(dockerHost);
  }

  /** Opens the listener of a service and returns its URL; an open one keeps its URL. */
  async open(cloud: Cloud, service: string, invocation: (uri: string) => Invocation): Promise<string> {
    const front = this.#fronts.get(service) ?? (await Front.open(cloud, invocation));
    this.#fronts.set(service, front);
    return front.uri;
  }

  /**
   * Runs an instance of a revision, unless one runs already, and returns once it is ready.
   * @throws NotReady, EngineUnavailable, EngineError
   */
  async run(spec: ContainerSpec): Promise<void> {
    if (this.#running.has(spec.revision)) return;
    await this.#engine.ping();
    this.#pulled.add(`${spec.image.name}@${spec.image.digest}`);
    const starting = startContainer(this.#engine, spec, this.#label, this.#closing.signal);
    this.#starting.add(starting);
    try {
      this.#running.set(spec.revision, new Running(this.#engine, spec, await starting));
    } finally {
      this.#starting.delete(starting);
    }
  }

  /** Sends a service's requests to these revisions, and lets the instances of its others stop. */
  route(
    service: string,
    shares: readonly { revision: string; percent: number; timeout: number }[],
    revisions: readonly string[],
  ): void {
    const backends: Backend[] = shares.flatMap(({ revision, percent, timeout }) => {
      const running = this.#running.get(revision);
      return running ? [{ percent, timeout, port: (again) => running.port(again) }] : [];
    });
    this.#fronts.get(service)?.route(backends);
    const kept = new Set(shares.map(({ revision }) => revision));
    for (const revision of revisions) if (!kept.has(revision)) this.#stop(revision);
  }

  /** Closes a service's listener and stops its instances. */
  async remove(service: string, revisions: readonly string[]): Promise<void> {
    await this.#fronts.get(service)?.close();
    this.#fronts.delete(service);
    for (const revision of revisions) this.#stop(revision);
  }

  /** Closes every listener and removes every container that this plane has started. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all([...this.#fronts.values()].map((front) => front.close()));
    if (this.#pulled.size === 0) return;
    await this.#removeAll();
    while (this.#starting.size > 0) {
      await Promise.race([...this.#starting, sleep(200)]).catch(() => undefined);
      await this.#removeAll();
    }
    for (const reference of this.#pulled) await this.#engine.untag(reference).catch(() => undefined);
  }

  /** By label, for an instance that is only being started is not in any list of ours. */
  async #removeAll(): Promise<void> {
    const ids = await this.#engine.labelled(this.#label).catch(() => []);
    await Promise.allSettled(ids.map((id) => this.#engine.remove(id)));
  }

  /** Nobody waits for an instance that has no requests any more; what does not stop, close() removes. */
  #stop(revision: string): void {
    const running = this.#running.get(revision);
    this.#running.delete(revision);
    if (running) this.#engine.stop(running.id, GRACE).catch(() => undefined);
  }
}

/** An instance that is meant to run as long as its revision serves. */
class Running {
  readonly #engine: Engine;
  readonly #spec: ContainerSpec;
  readonly id: string;
  #port: Promise<number>;

  constructor(engine: Engine, spec: ContainerSpec, { id, port }: Instance) {
    this.#engine = engine;
    this.#spec = spec;
    this.id = id;
    this.#port = Promise.resolve(port);
  }

  /** @param again whether to look if the instance has ended, and then to start it anew */
  port(again: boolean): Promise<number> {
    if (again) this.#port = this.#restart();
    return this.#port;
  }

  async #restart(): Promise<number> {
    const state = await this.#engine.inspect(this.id);
    if (!state.running) await this.#engine.start(this.id);
    return ready(this.#engine, this.id, this.#spec);
  }
}
