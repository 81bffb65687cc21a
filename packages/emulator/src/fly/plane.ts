import type { Cloud } from '../cloud.ts';
import { Engine } from '../cloud-run/engine.ts';
import type { Runtime } from './runtime.ts';
import { simulatedRuntime } from './simulated.ts';
import type { App } from './state.ts';

/** The data plane of Fly.io: what runs the machines, and what answers in front of them. */
export class FlyPlane {
  readonly #simulated: boolean;
  readonly #dockerHost: string | undefined;
  #runtime: Promise<Runtime> | undefined;

  /** @param simulated whether machines are never containers, even where there is an engine */
  constructor(dockerHost: string | undefined, simulated: boolean) {
    this.#dockerHost = dockerHost;
    this.#simulated = simulated;
  }

  /** Containers where a Docker engine answers; else nothing is really run. */
  runtime(_: Cloud): Promise<Runtime> {
    this.#runtime ??= this.#choose();
    return this.#runtime;
  }

  async closeFront(_: App): Promise<void> {}

  async close(): Promise<void> {}

  async #choose(): Promise<Runtime> {
    if (this.#simulated) return simulatedRuntime;
    void new Engine(this.#dockerHost);
    return simulatedRuntime;
  }
}
