import type { EngineConnection } from '../../../../docker/connection.ts';
import type { Context } from '../../context.ts';
import { metadataValue } from '../../instances/metadata.ts';
import { nameIn } from '../../links.ts';
import { bootImageOf } from '../boot-image.ts';
import { CloudLog } from './cloud-log.ts';
import { agentEntry, dockerEntry, type Logged, type Writer } from './drivers.ts';
import { timedLines } from './timed-lines.ts';

/** A container whose lines are to be found. */
interface Known extends Logged {
  /** `gcplogs`, or the one whose files the agent of the machine reads. */
  readonly driver: string;
  readonly isTerminal: boolean;
  /** When the last line was written that was read. */
  last: string;
}

/** What the containers of a machine write to Cloud Logging: by Docker's driver gcplogs, or by the logging agent of the machine. */
export class ContainerLogs {
  readonly #cloud: Context;
  readonly #path: string;
  readonly #engine: EngineConnection;
  readonly #log: CloudLog;
  readonly #known = new Map<string, Known>();
  readonly #following = new Set<Promise<void>>();

  /** @param path of the instance within the project */
  constructor(cloud: Context, path: string, engine: EngineConnection) {
    this.#cloud = cloud;
    this.#path = path;
    this.#engine = engine;
    this.#log = new CloudLog(cloud, path);
  }

  /** Keeps how a container logs. */
  note(logged: Omit<Known, 'last'>): void {
    this.#known.set(logged.id, { ...logged, last: '' });
  }

  /** Before a container starts. @throws Error when its driver can't be set up, in Docker's words */
  async prepare(id: string): Promise<void> {
    const known = this.#known.get(id);
    if (known?.driver !== 'gcplogs') return;
    await this.#log.ping(known.options['gcp-project'] ?? this.#cloud.project.id).catch((error: unknown) => {
      throw new Error(
        `failed to initialize logging driver: unable to connect or authenticate with Google Cloud Logging: ${error instanceof Error ? error.message : error}`,
      );
    });
  }

  /** Sends what a container that runs now writes, until it ends. */
  follow(id: string): void {
    const known = this.#known.get(id);
    // The agent reads the files of Docker's usual driver.
    const isRead = known?.driver === 'json-file' && this.#hasAgent();
    const entryOf = known?.driver === 'gcplogs' ? dockerEntry : isRead ? agentEntry : undefined;
    if (!known || !entryOf) return;
    const following = this.#read(known, entryOf)
      .catch(() => undefined)
      .finally(() => this.#following.delete(following));
    this.#following.add(following);
  }

  /** Until what containers wrote that have ended is sent. */
  async settled(): Promise<void> {
    await Promise.all(this.#following);
    await this.#log.settled();
  }

  async #read(known: Known, entryOf: typeof dockerEntry): Promise<void> {
    // The names of a machine that is gone are asked for no more: its last lines come afterwards.
    const writer = this.#writer();
    const path = `/containers/${known.id}/logs?follow=1&stdout=1&stderr=1&timestamps=1`;
    // What was read before a restart comes again; lines of two streams may be a little out of order.
    const before = known.last;
    const answer = await this.#engine.call('GET', path, { limit: Number.POSITIVE_INFINITY });
    for await (const line of timedLines(answer, known.isTerminal)) {
      if (line.time <= before) continue;
      if (line.time > known.last) known.last = line.time;
      this.#log.add(entryOf(line, known, writer));
    }
  }

  #writer(): Writer {
    const { id = '' } = this.#cloud.compute.resources.get(this.#path) ?? {};
    const [, zone = ''] = this.#path.split('/');
    return { project: this.#cloud.project.id, name: nameIn(this.#path), zone, id: String(id) };
  }

  /** Whether the agent runs, which Container-Optimized OS starts when its metadata say so. */
  #hasAgent(): boolean {
    const own = metadataValue(
      this.#cloud.compute.resources.get(this.#path)?.metadata,
      'google-logging-enabled',
    );
    const common = metadataValue({ items: this.#cloud.compute.commonMetadata }, 'google-logging-enabled');
    return (
      /^(?:true|y|yes|1)$/i.test(own ?? common ?? '') && !/^debian/.test(bootImageOf(this.#cloud, this.#path))
    );
  }
}
