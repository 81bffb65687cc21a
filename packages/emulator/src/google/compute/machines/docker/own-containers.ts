import type { EngineConnection } from '../../../../docker/connection.ts';
import type { Logged } from '../logs/drivers.ts';
import type { Place } from './created.ts';
import { Refused } from './refused.ts';

/** The containers of a machine, among all that the engine has. */
export class OwnContainers {
  readonly #engine: EngineConnection;
  readonly #place: Place;

  constructor(engine: EngineConnection, place: Place) {
    this.#engine = engine;
    this.#place = place;
  }

  /** `KEY=VALUE`, which each of them has. */
  get labels(): readonly string[] {
    return Object.entries(this.#place.labels).map(([key, value]) => `${key}=${value}`);
  }

  /** The id of one by what the machine knows it by. @throws Refused */
  async idOf(name: string): Promise<string> {
    for (const candidate of [`${this.#place.prefix}-${name}`, name]) {
      const found = (await this.#engine
        .json('GET', `/containers/${candidate}/json`)
        .catch(() => undefined)) as { Id: string; Config: { Labels: Record<string, string> } } | undefined;
      const isOwn = Object.entries(this.#place.labels).every(
        ([key, value]) => found?.Config.Labels[key] === value,
      );
      if (found && isOwn) return found.Id;
    }
    throw new Refused(404, `No such container: ${name}`);
  }

  /** What is logged of one beside its lines. */
  async described(id: string): Promise<Omit<Logged, 'image' | 'options'>> {
    const found = (await this.#engine.json('GET', `/containers/${id}/json`)) as {
      Name: string;
      Image: string;
      Created: string;
      Path: string;
      Args: readonly string[] | null;
      Config: { Labels: Record<string, string> | null; Env: readonly string[] | null };
    };
    const own = Object.keys(this.#place.labels);
    return {
      id,
      name: found.Name.replace(/^\//, '').replace(`${this.#place.prefix}-`, ''),
      imageId: found.Image,
      created: found.Created,
      command: [found.Path, ...(found.Args ?? [])],
      labels: Object.fromEntries(
        Object.entries(found.Config.Labels ?? {}).filter(([name]) => !own.includes(name)),
      ),
      env: found.Config.Env ?? [],
    };
  }

  /** Those that are to be up whenever the machine is. */
  async lasting(): Promise<readonly string[]> {
    const filters = encodeURIComponent(JSON.stringify({ label: this.labels }));
    const all = (await this.#engine.json('GET', `/containers/json?all=1&filters=${filters}`)) as readonly {
      Id: string;
    }[];
    const found: string[] = [];
    for (const { Id } of all) {
      const { HostConfig } = (await this.#engine.json('GET', `/containers/${Id}/json`)) as {
        HostConfig: { RestartPolicy?: { Name?: string } };
      };
      if (/^(?:always|unless-stopped)$/.test(HostConfig.RestartPolicy?.Name ?? '')) found.push(Id);
    }
    return found;
  }
}
