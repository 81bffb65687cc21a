import type { EngineConnection } from '../../../../docker/connection.ts';
import type { Published } from './created.ts';

/** Opens and closes ports of the machine. */
export interface Ports {
  open(port: Published): Promise<void>;
  close(port: Published): Promise<void>;
}

/** Starts containers, whose ports are open on the machine as long as they run. */
export class Publishing {
  readonly #engine: EngineConnection;
  readonly #ports: Ports;
  readonly #published = new Map<string, readonly Published[]>();

  constructor(engine: EngineConnection, ports: Ports) {
    this.#engine = engine;
    this.#ports = ports;
  }

  /** Keeps which ports a container is to have. */
  note(id: string, published: readonly Published[]): void {
    this.#published.set(id, published);
  }

  /** @throws Error for a port that is taken, EngineError */
  async start(id: string): Promise<void> {
    const opened: Published[] = [];
    const close = () => Promise.all(opened.map((port) => this.#ports.close(port).catch(() => undefined)));
    try {
      for (const port of this.#published.get(id) ?? []) {
        await this.#ports.open(port).catch((error: unknown) => {
          throw new Error(
            `driver failed programming external connectivity: Bind for ${port.host}:${port.from} failed: port is already allocated (${error instanceof Error ? error.message : error})`,
          );
        });
        opened.push(port);
      }
      await this.#engine.drain('POST', `/containers/${id}/start`, { tolerated: [304] });
    } catch (error) {
      await close();
      throw error;
    }
    void this.#engine
      .drain('POST', `/containers/${id}/wait`, { limit: Number.POSITIVE_INFINITY })
      .catch(() => undefined)
      .then(close);
  }
}
