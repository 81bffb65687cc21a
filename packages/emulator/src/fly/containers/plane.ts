import { EngineUnavailable } from '../../docker/connection.ts';
import { Engine } from '../../docker/engine.ts';
import type { Machine } from '../machines/machine.ts';
import type { App } from '../state.ts';
import { ContainerRuntime, type MachinePlatform } from './containers.ts';
import { AppFront } from './front.ts';
import type { Runtime } from './runtime.ts';
import { simulatedRuntime } from './simulated.ts';

/** The data plane of Fly.io: what runs the machines, and what answers in front of them. */
export class FlyPlane {
  readonly #simulated: boolean;
  readonly #engine: Engine;
  readonly #fronts = new Map<App, Promise<AppFront>>();
  #containers: ContainerRuntime | undefined;
  #runtime: Promise<Runtime> | undefined;

  /**
   * @param dockerHost as DOCKER_HOST; default that variable, then Docker's own default
   * @param simulated whether machines are never containers, even where there is an engine
   */
  constructor(dockerHost: string | undefined, simulated: boolean) {
    this.#engine = new Engine(dockerHost);
    this.#simulated = simulated;
  }

  /** Containers where a Docker engine answers; else nothing is really run. */
  runtime(platform: MachinePlatform): Promise<Runtime> {
    this.#runtime ??= this.#choose(platform);
    return this.#runtime;
  }

  /**
   * Opens the listener of an app that has a service and notes its URL; an open one keeps it.
   *
   * @param wake starts a machine that a request needs
   */
  async openFront(app: App, wake: (machine: Machine) => void): Promise<void> {
    const opening = this.#fronts.get(app) ?? AppFront.open(app, wake);
    this.#fronts.set(app, opening);
    app.url = (await opening).url;
  }

  async closeFront(app: App): Promise<void> {
    const front = this.#fronts.get(app);
    this.#fronts.delete(app);
    await (await front)?.close();
  }

  /** Closes every listener and removes every container that this plane has started. */
  async close(): Promise<void> {
    await Promise.all([...this.#fronts.keys()].map((app) => this.closeFront(app)));
    await this.#containers?.close();
  }

  async #choose(platform: MachinePlatform): Promise<Runtime> {
    if (this.#simulated) return simulatedRuntime;
    try {
      await this.#engine.connection.drain('GET', '/_ping');
    } catch (error) {
      if (error instanceof EngineUnavailable) return simulatedRuntime;
      throw error;
    }
    this.#containers = new ContainerRuntime(platform, this.#engine);
    return this.#containers;
  }
}
