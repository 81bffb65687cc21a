import { setTimeout as sleep } from 'node:timers/promises';
import { Engine } from '../../../docker/engine.ts';
import { labelOf } from '../../../docker/label.ts';
import { removeShield } from '../../../docker/metadata-shield.ts';
import type { OutputLine } from '../../../docker/output-lines.ts';
import type { Watch } from '../../../kernel/forward/front.ts';
import { type Listening, LOOPBACK } from '../../../kernel/forward/listening.ts';
import type { Ports } from '../../../kernel/ports.ts';
import { type Admit, type Backend, Front } from './front.ts';
import { createInstance, type Instance, removeInstance, startInstance } from './instance.ts';
import type { InstanceSpec } from './instance-spec.ts';
import { Running } from './running.ts';
import { runTask, type TaskEnd } from './task.ts';

/** Seconds Cloud Run gives an instance between SIGTERM and SIGKILL. */
const GRACE = 10;

/** Lines that are kept of containers that are gone. */
const KEPT_LINES = 100_000;

/** A line that a container of a revision or an execution wrote. */
export interface Output extends OutputLine {
  /** Full resource name of the revision or the execution. */
  readonly owner: string;
  readonly container: string;
  /** Index of the task. */
  readonly task?: number;
}

/** What the plane asks of what is around it. */
interface Surroundings {
  /** Where its listeners were before. */
  readonly ports: Ports;
  readonly dockerHost?: string | undefined;
  /** Folder of a cloud that keeps its data. */
  readonly data?: string | undefined;
  readonly listening?: Listening;
  /** Told of each request to a service. */
  readonly report: Watch['report'];
}

/** The data plane of Cloud Run: containers of a Docker engine, and the listeners in front of them. */
export class ContainerPlane {
  readonly #engine: Engine;
  readonly #ports: Ports;
  readonly #label: string;
  readonly #fronts = new Map<string, Front>();
  readonly #running = new Map<string, { running: Running; spec: InstanceSpec }>();
  readonly #pulled = new Set<string>();
  readonly #starting = new Set<Promise<unknown>>();
  readonly #closing = new AbortController();
  readonly #output: Output[] = [];
  readonly #listening: Listening;
  readonly #report: Watch['report'];

  /** @param dockerHost as DOCKER_HOST; default that variable, then Docker's own default */
  constructor({ ports, dockerHost, data, listening = LOOPBACK, report }: Surroundings) {
    this.#ports = ports;
    this.#label = labelOf('dev.gangway.cloud', data);
    this.#engine = new Engine(dockerHost, listening.ports !== undefined);
    this.#listening = listening;
    this.#report = report;
  }

  /**
   * Opens a listener and returns its URL; an open one keeps its URL.
   *
   * @param key of the listener: a service's full resource name, with `#TAG` for one of its tags
   */
  async open(key: string, admit: Admit): Promise<string> {
    const front =
      this.#fronts.get(key) ??
      (await this.#ports.open(`service ${key}`, (port) =>
        Front.open(admit, this.#listening, port, this.#watch(key)),
      ));
    this.#fronts.set(key, front);
    return front.uri;
  }

  /**
   * Runs an instance of a revision, unless one runs already, and returns once it is ready.
   * @throws NotReady, EngineUnavailable, EngineError
   */
  async run(spec: InstanceSpec): Promise<void> {
    if (this.#running.has(spec.owner)) return;
    const instance = await this.#create(spec);
    try {
      await this.#watched(startInstance(this.#engine, spec, instance));
      this.#running.set(spec.owner, { running: new Running(this.#engine, spec, instance), spec });
    } catch (error) {
      await this.#keep(spec, instance);
      await removeInstance(this.#engine, instance);
      throw error;
    }
  }

  /**
   * Runs one attempt of a task to its end.
   *
   * @param milliseconds that it may take
   * @param signal aborted when it is to be ended
   */
  async task(spec: InstanceSpec, index: number, milliseconds: number, signal: AbortSignal): Promise<TaskEnd> {
    const instance = await this.#create(spec);
    try {
      const ending = AbortSignal.any([signal, this.#closing.signal]);
      return await this.#watched(runTask(this.#engine, spec, instance, milliseconds, ending));
    } finally {
      await this.#keep(spec, instance, index);
      await removeInstance(this.#engine, instance);
    }
  }

  /** Sends the requests of a listener to these revisions. */
  route(key: string, shares: readonly { revision: string; percent: number; timeout: number }[]): void {
    const backends: Backend[] = shares.flatMap(({ revision, percent, timeout }) => {
      const running = this.#running.get(revision)?.running;
      return running ? [{ percent, timeout, port: (again) => running.port(again) }] : [];
    });
    this.#fronts.get(key)?.route(backends);
  }

  /** Lets the instances of revisions stop, which have no requests any more. */
  stop(revisions: Iterable<string>): void {
    for (const revision of revisions) this.#stop(revision);
  }

  /** Closes listeners. */
  async shut(keys: Iterable<string>): Promise<void> {
    for (const key of keys) {
      await this.#fronts.get(key)?.close();
      this.#fronts.delete(key);
    }
  }

  /** Keys of the open listeners that begin so. */
  listeners(prefix: string): string[] {
    return [...this.#fronts.keys()].filter((key) => key.startsWith(prefix));
  }

  /** What the containers of these have written so far. */
  async output(owners: (owner: string) => boolean): Promise<Output[]> {
    const live = [...this.#running.values()].filter(({ spec }) => owners(spec.owner));
    const lines = await Promise.all(live.map(({ spec, running }) => this.#read(spec, running.instance)));
    return [...this.#output.filter(({ owner }) => owners(owner)), ...lines.flat()];
  }

  /** What containers that are gone have written, oldest first. */
  get kept(): readonly Output[] {
    return this.#output;
  }

  /** Keeps what containers have written that are about to go with the cloud. */
  async keepOutput(): Promise<void> {
    for (const { spec, running } of this.#running.values()) await this.#keep(spec, running.instance);
  }

  /** Gives back what containers of an earlier cloud wrote. */
  restore(output: readonly Output[]): void {
    this.#output.unshift(...output);
  }

  /** Removes what an earlier cloud of the same data has left, because it was killed. */
  async clear(): Promise<void> {
    await this.#removeAll();
  }

  /** What is left of what it made, as docker's commands name it: `container ID`. */
  get remains(): readonly string[] {
    return this.#engine.remains;
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
    await removeShield(this.#engine).catch(() => undefined);
    for (const reference of this.#pulled) await this.#engine.untag(reference).catch(() => undefined);
  }

  /** A listener is known by its service, and by its tag where it has one: `cloud-run/web#blue`. */
  #watch(key: string): Watch {
    return { by: `cloud-run/${key.split('/').at(-1)}`, report: this.#report };
  }

  async #create(spec: InstanceSpec): Promise<Instance> {
    await this.#engine.ping();
    for (const { image } of spec.containers) this.#pulled.add(`${image.name}@${image.digest}`);
    return this.#watched(createInstance(this.#engine, spec, this.#label, this.#closing.signal));
  }

  async #watched<T>(work: Promise<T>): Promise<T> {
    this.#starting.add(work);
    try {
      return await work;
    } finally {
      this.#starting.delete(work);
    }
  }

  /** Keeps what containers wrote that are about to go. */
  async #keep(spec: InstanceSpec, instance: Instance, task?: number): Promise<void> {
    const lines = await this.#read(spec, instance).catch(() => []);
    for (const line of lines) this.#output.push({ ...line, ...(task !== undefined && { task }) });
    if (this.#output.length > KEPT_LINES) this.#output.splice(0, this.#output.length - KEPT_LINES);
  }

  async #read({ owner, containers }: InstanceSpec, { ids }: Instance): Promise<Output[]> {
    const written = await Promise.all(ids.map((id) => this.#engine.output(id)));
    return written.flatMap((lines, index) =>
      lines.map((line) => ({ ...line, owner, container: containers[index]?.name ?? '' })),
    );
  }

  /** By label, for an instance that is only being started is not in any list of ours. */
  async #removeAll(): Promise<void> {
    for (const { running } of this.#running.values()) await running.remove().catch(() => undefined);
    this.#running.clear();
    const ids = await this.#engine.labelled(this.#label).catch(() => []);
    await Promise.allSettled(ids.map((id) => this.#engine.remove(id)));
    for (const volume of await this.#engine.labelledVolumes(this.#label).catch(() => []))
      await this.#engine.removeVolume(volume);
  }

  /** Nobody waits for an instance that has no requests any more; what does not stop, close() removes. */
  #stop(revision: string): void {
    const found = this.#running.get(revision);
    this.#running.delete(revision);
    if (!found) return;
    const { running, spec } = found;
    const ended = running
      .stop(GRACE)
      .then(() => this.#keep(spec, running.instance))
      .then(() => running.remove());
    ended.catch(() => undefined);
  }
}
