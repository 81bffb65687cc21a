import { EngineUnavailable } from '../../docker/connection.ts';
import { Engine } from '../../docker/engine.ts';
import type { App } from '../apps/app.ts';
import { builderAddress } from '../builders/address.ts';
import { isBuilder } from '../builders/builder.ts';
import { startBuilder } from '../builders/builder-run.ts';
import type { DataPlane } from '../data-plane.ts';
import { FlyError } from '../errors.ts';
import type { Machine } from '../machines/machine.ts';
import type { Run } from '../machines/run.ts';
import { ContainerRuntime } from './containers.ts';
import { AppFront } from './front.ts';
import type { Runtime } from './runtime.ts';
import { simulatedRuntime } from './simulated.ts';
import type { Surroundings } from './surroundings.ts';

/** The data plane of Fly.io: containers where a Docker engine answers; else nothing is really run. */
export class FlyPlane implements DataPlane {
  readonly #surroundings: Surroundings;
  readonly #simulated: boolean;
  readonly #engine: Engine;
  readonly #fronts = new Map<App, Promise<AppFront>>();
  readonly #builders = new Set<Run>();
  #containers: ContainerRuntime | undefined;
  #runtime: Promise<Runtime> | undefined;

  /**
   * @param dockerHost as DOCKER_HOST; default that variable, then Docker's own default
   * @param simulated whether machines are never containers, even where there is an engine
   */
  constructor(surroundings: Surroundings, dockerHost: string | undefined, simulated: boolean) {
    this.#surroundings = surroundings;
    this.#engine = new Engine(dockerHost, surroundings.listening.ports !== undefined);
    this.#simulated = simulated;
  }

  async start(machine: Machine): Promise<Run> {
    if (isBuilder(machine.app)) {
      const run = await startBuilder(this.#surroundings, machine, this.#engine.connection);
      this.#builders.add(run);
      return run;
    }
    this.#runtime ??= this.#choose();
    return (await this.#runtime).start(machine);
  }

  async builderAddress(): Promise<string> {
    try {
      await this.#engine.ping();
    } catch {
      throw new FlyError(
        412,
        'failed_precondition: the local cloud has no Docker engine, which its remote builders build with',
      );
    }
    return builderAddress();
  }

  async pullPublic(reference: string): Promise<{ digest: string; size: number }> {
    this.#runtime ??= this.#choose();
    return (await this.#runtime).pullPublic(reference);
  }

  async openFront(app: App, wake: (machine: Machine) => void): Promise<void> {
    const { ports } = this.#surroundings;
    const opening =
      this.#fronts.get(app) ??
      ports.open(`app ${app.name}`, (port) => AppFront.open(app, wake, this.#surroundings, port));
    this.#fronts.set(app, opening);
    app.url = (await opening).url;
  }

  async closeFront(app: App): Promise<void> {
    const front = this.#fronts.get(app);
    this.#fronts.delete(app);
    await (await front)?.close();
  }

  get remains(): readonly string[] {
    return this.#containers?.remains ?? [];
  }

  async close(): Promise<void> {
    await Promise.all([...this.#fronts.keys()].map((app) => this.closeFront(app)));
    await Promise.all([...this.#builders].map((run) => run.remove()));
    await this.#containers?.close();
  }

  async #choose(): Promise<Runtime> {
    if (this.#simulated) return simulatedRuntime;
    try {
      await this.#engine.connection.drain('GET', '/_ping');
    } catch (error) {
      if (error instanceof EngineUnavailable) return simulatedRuntime;
      throw error;
    }
    this.#containers = new ContainerRuntime(this.#surroundings, this.#engine);
    if (this.#surroundings.data !== undefined) await this.#containers.clear();
    return this.#containers;
  }
}
