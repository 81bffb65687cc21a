import { randomBytes } from 'node:crypto';
import type { WebFront } from '../../../contracts.ts';
import { Engine } from '../../../docker/engine.ts';
import { removeShield } from '../../../docker/metadata-shield.ts';
import type { Context } from '../context.ts';
import { externalAddressOf } from '../networking/loopback.ts';
import { Machine } from './machine.ts';
import type { Machines, Probe } from './machines.ts';
import type { Workshop } from './making.ts';
import { makeRoot } from './root/image.ts';
import { makeSurroundings, removeSurroundings } from './surroundings.ts';

/** The machines behind the instances, each a container of a Docker engine with those that it runs itself. */
export class MachinePlane implements Machines {
  readonly #cloud: Context;
  readonly #engine: Engine;
  readonly #label = `dev.gangway.cloud=${process.pid}-${randomBytes(4).toString('hex')}`;
  readonly #all = new Map<string, Machine>();
  #workshop: Promise<Workshop> | undefined;

  constructor(cloud: Context) {
    this.#cloud = cloud;
    this.#engine = new Engine(cloud.dockerHost);
  }

  boot(path: string): void {
    const machine = this.#all.get(path) ?? new Machine(this.#cloud, path, () => this.#made());
    this.#all.set(path, machine);
    machine.boot();
  }

  async halt(path: string): Promise<void> {
    await this.#all.get(path)?.halt();
  }

  async reset(path: string): Promise<void> {
    await this.#all.get(path)?.reset();
  }

  async remove(path: string): Promise<void> {
    const machine = this.#all.get(path);
    this.#all.delete(path);
    await machine?.remove();
  }

  changed(path: string): void {
    this.#all.get(path)?.changed();
  }

  serial(path: string): { readonly first: number; readonly bytes: Buffer } {
    return this.#all.get(path)?.serial.kept ?? { first: 0, bytes: Buffer.alloc(0) };
  }

  async probe(path: string, probe: Probe): Promise<boolean> {
    return (await this.#all.get(path)?.probe(probe)) ?? false;
  }

  guestAttributes(path: string): ReadonlyMap<string, string> {
    return this.#all.get(path)?.metadata.guestAttributes ?? new Map();
  }

  /** Where instances answer by their external addresses, whose ports this machine doesn't let the cloud have. */
  get front(): WebFront {
    return {
      find: (host, port = 80) => {
        if (!host.startsWith('127.')) return undefined;
        for (const [path, machine] of this.#all) {
          const instance = this.#cloud.compute.resources.get(path);
          if (instance && externalAddressOf(instance) === host) return machine.insteadOf(port);
        }
        return undefined;
      },
    };
  }

  /** What is left of what it made, as docker's commands name it: `container ID`. */
  get remains(): readonly string[] {
    return this.#engine.remains;
  }

  /** Removes every machine, and what they have made. */
  async close(): Promise<void> {
    await Promise.all([...this.#all.keys()].map((path) => this.remove(path).catch(() => undefined)));
    const workshop = await this.#workshop?.catch(() => undefined);
    if (!workshop) return;
    for (const id of await this.#engine.labelled(this.#label).catch(() => []))
      await this.#engine.remove(id).catch(() => undefined);
    for (const volume of await this.#engine.labelledVolumes(this.#label).catch(() => []))
      await this.#engine.removeVolume(volume);
    await removeSurroundings(this.#engine, workshop);
    await removeShield(this.#engine).catch(() => undefined);
    await this.#engine.untag(workshop.root.image).catch(() => undefined);
  }

  #made(): Promise<Workshop> {
    this.#workshop ??= this.#make();
    this.#workshop.catch(() => {
      this.#workshop = undefined;
    });
    return this.#workshop;
  }

  async #make(): Promise<Workshop> {
    await this.#engine.ping();
    // Its library takes a third of a second to load.
    const { createAuthority } = await import('../../../kernel/http/authority.ts');
    const [authority, root] = await Promise.all([createAuthority(), makeRoot(this.#engine)]);
    return {
      engine: this.#engine,
      authority,
      root,
      label: this.#label,
      ...(await makeSurroundings(this.#engine, root, this.#label)),
    };
  }
}
