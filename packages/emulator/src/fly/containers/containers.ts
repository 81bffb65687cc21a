import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '../../docker/engine.ts';
import { linesOf } from '../../docker/frames.ts';
import { labelOf } from '../../docker/label.ts';
import {
  localNameServers,
  removeShield,
  shieldFromMetadata,
  startShielded,
} from '../../docker/metadata-shield.ts';
import { tar } from '../../docker/tar.ts';
import { writeLog } from '../apps/log.ts';
import { portsOf } from '../machines/config.ts';
import { findImage } from '../machines/image.ts';
import type { Machine } from '../machines/machine.ts';
import type { Run } from '../machines/run.ts';
import { ownerToken } from '../sign-in/owner.ts';
import { ContainerRun, exitOf } from './run.ts';
import type { Runtime } from './runtime.ts';
import { openMachineSocket } from './socket.ts';
import { containerSpec, filesOf } from './spec.ts';
import type { Surroundings } from './surroundings.ts';

/** Runs machines as containers of a Docker engine. */
export class ContainerRuntime implements Runtime {
  readonly #surroundings: Surroundings;
  readonly #engine: Engine;
  readonly #label: string;
  readonly #runs = new Set<Run>();
  readonly #pulled = new Set<string>();
  readonly #password: string;
  #closed = false;

  constructor(surroundings: Surroundings, engine: Engine) {
    this.#surroundings = surroundings;
    this.#engine = engine;
    this.#password = ownerToken(surroundings).word;
    this.#label = labelOf('dev.gangway.fly', surroundings.data);
  }

  async start(machine: Machine): Promise<Run> {
    const image = await this.#pull(machine);
    const folder = await mkdtemp(join(tmpdir(), 'gangway-fly-'));
    const socket = await openMachineSocket(this.#surroundings, machine, join(folder, 'api'));
    const close = async () => {
      await socket.close();
      await rm(folder, { recursive: true, force: true });
    };
    try {
      const id = await this.#create(machine, image, folder);
      return await this.#begin(machine, id, close);
    } catch (error) {
      await close();
      throw error;
    }
  }

  /** What is left of what it made, as docker's commands name it. */
  get remains(): readonly string[] {
    return this.#engine.remains;
  }

  /** Removes what an earlier cloud of the same data has left, because it was killed. */
  async clear(): Promise<void> {
    const ids = await this.#engine.labelled(this.#label);
    await Promise.allSettled(ids.map((id) => this.#engine.remove(id)));
  }

  /** Removes every container that was started. */
  async close(): Promise<void> {
    this.#closed = true;
    const ids = await this.#engine.labelled(this.#label).catch(() => []);
    await Promise.allSettled(ids.map((id) => this.#engine.remove(id)));
    await Promise.allSettled([...this.#runs].map((run) => run.remove()));
    await removeShield(this.#engine).catch(() => undefined);
    for (const reference of this.#pulled) await this.#engine.untag(reference).catch(() => undefined);
  }

  async pullPublic(reference: string): Promise<{ digest: string; size: number }> {
    const [, name = '', tag = 'latest', digest] =
      /^(.+?\/[^:@]+)(?::([^@]+))?(?:@(.+))?$/.exec(reference) ?? [];
    // The engine has Docker Hub by another name.
    const known = name.replace(/^registry-1\.docker\.io\//, 'docker.io/');
    const path = `/images/${encodeURIComponent(digest ? `${known}@${digest}` : `${known}:${tag}`)}/json`;
    const look = async () =>
      (await this.#engine.connection.json('GET', path)) as { RepoDigests?: string[]; Size?: number };
    // What the engine has need not be pulled: a tag may be of an image that was only loaded.
    const there = await look().catch(async () => {
      await this.#engine.pull(known, digest ?? tag);
      this.#pulled.add(digest ? `${known}@${digest}` : `${known}:${tag}`);
      return look();
    });
    const found = digest ?? there.RepoDigests?.[0]?.split('@')[1];
    if (!found) throw new Error(`${known}:${tag} is of the engine alone: push it to registry.fly.io`);
    return { digest: found, size: there.Size ?? 0 };
  }

  async #pull({ app, image: { registry, repository, tag, digest } }: Machine): Promise<string> {
    const reference = `${registry}/${repository}${tag ? `:${tag}` : ''}@${digest}`;
    const found = findImage(this.#surroundings, app.organization, reference);
    if (!found) return this.#pulledPublic(reference);
    const pulled = `${found.pull}@${digest}`;
    await this.#engine.pull(found.pull, digest, { username: 'x', password: this.#password });
    this.#pulled.add(pulled);
    return pulled;
  }

  async #pulledPublic(reference: string): Promise<string> {
    const { digest } = await this.pullPublic(reference);
    const name = reference
      .replace(/(:[^/@]+)?(@.*)?$/, '')
      .replace(/^registry-1\.docker\.io\//, 'docker.io/');
    return `${name}@${digest}`;
  }

  async #create(machine: Machine, image: string, folder: string): Promise<string> {
    const spec = containerSpec(machine, image, this.#label, folder, await this.#engine.cpus());
    const dns = await localNameServers();
    const name = `${machine.app.name}-${machine.id}-${randomBytes(4).toString('hex')}`;
    if (this.#closed) throw new Error('the cloud is closing');
    const id = await this.#engine.create(name, { ...spec, HostConfig: { ...spec.HostConfig, ...dns } });
    await shieldFromMetadata(this.#engine, id).catch(async (error: unknown) => {
      await this.#engine.remove(id);
      throw error;
    });
    return id;
  }

  async #begin(machine: Machine, id: string, close: () => Promise<void>): Promise<Run> {
    try {
      const files = filesOf(machine);
      const archive = { body: tar(files) };
      if (files.length > 0)
        await this.#engine.connection.drain('PUT', `/containers/${id}/archive?path=/`, archive);
      await startShielded(this.#engine, id);
      const read = this.#follow(machine, id);
      const exited = exitOf(this.#engine, id).catch(() => ({ code: 137, oomKilled: false }));
      const state = await this.#engine.inspect(id);
      const ports = portsOf(machine.config).flatMap((port): [number, number][] => {
        const published = state.port(port);
        return published ? [[port, published]] : [];
      });
      const run: Run = new ContainerRun(
        this.#engine,
        id,
        new Map(ports),
        read.then(() => exited),
        async () => {
          this.#runs.delete(run);
          await close();
        },
      );
      this.#runs.add(run);
      return run;
    } catch (error) {
      await this.#engine.remove(id);
      throw error;
    }
  }

  /** Copies what a container writes into the app's log, until its end. */
  async #follow(machine: Machine, id: string): Promise<void> {
    try {
      const path = `/containers/${id}/logs?stdout=1&stderr=1&follow=1`;
      const answer = await this.#engine.connection.call('GET', path, { limit: Number.POSITIVE_INFINITY });
      for await (const line of linesOf(answer)) writeLog(this.#surroundings, machine, line, 'app');
    } catch {
      // The container was removed while it was read.
    }
  }
}
