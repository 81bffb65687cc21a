import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '../../../docker/engine.ts';
import { type Instance, publishedPort, removeInstance, startInstance } from './instance.ts';
import type { InstanceSpec } from './instance-spec.ts';
import { probe } from './probe.ts';

/** An instance that is meant to run as long as its revision serves. */
export class Running {
  readonly #engine: Engine;
  readonly #spec: InstanceSpec;
  readonly instance: Instance;
  readonly #stopping = new AbortController();
  #port: Promise<number>;

  /** @param instance has been started */
  constructor(engine: Engine, spec: InstanceSpec, instance: Instance) {
    this.#engine = engine;
    this.#spec = spec;
    this.instance = instance;
    this.#port = this.#published();
    this.#port.catch(() => undefined);
    for (const [index, { liveness }] of spec.containers.entries()) if (liveness) void this.#watch(index);
  }

  /** @param again whether to look if the instance has ended, and then to start it again */
  port(again: boolean): Promise<number> {
    if (again) this.#port = this.#restart();
    return this.#port;
  }

  /** Asks the containers to stop, as Cloud Run does with SIGTERM, and ends them after at most `grace` seconds. */
  async stop(grace: number): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.instance.ids.map((id) => this.#engine.stop(id, grace)));
  }

  async remove(): Promise<void> {
    this.#stopping.abort();
    await removeInstance(this.#engine, this.instance);
  }

  /** Starts all of them again: those that share a network lose it when the one that has it ends. */
  async #restart(): Promise<number> {
    const states = await Promise.all(this.instance.ids.map((id) => this.#engine.inspect(id)));
    if (states.some(({ running }) => !running)) {
      for (const id of this.instance.ids) await this.#engine.kill(id);
      await startInstance(this.#engine, this.#spec, this.instance);
    }
    return this.#published();
  }

  async #published(): Promise<number> {
    const ingress = this.#spec.containers.find(({ port }) => port !== undefined);
    return (await publishedPort(this.#engine, this.instance, ingress?.port ?? 0)) ?? 0;
  }

  /** Ends the instance, and starts it again, when its liveness probe fails too often. */
  async #watch(index: number): Promise<void> {
    const { liveness } = this.#spec.containers[index] ?? {};
    const { signal } = this.#stopping;
    if (!liveness) return;
    try {
      await sleep(liveness.delaySeconds * 1000, undefined, { signal, ref: false });
      for (let failures = 0; ; ) {
        await sleep(liveness.periodSeconds * 1000, undefined, { signal, ref: false });
        const port = await publishedPort(this.#engine, this.instance, liveness.port);
        failures = port && (await probe(port, liveness)) ? 0 : failures + 1;
        if (failures < liveness.failures) continue;
        failures = 0;
        await this.#engine.kill(this.instance.ids[index] ?? '');
        await this.port(true);
      }
    } catch {
      // It was stopped, or did not come up again: then the next request starts it.
    }
  }
}
