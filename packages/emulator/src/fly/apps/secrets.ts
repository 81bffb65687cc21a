import { createHmac, randomBytes } from 'node:crypto';
import { type Clock, timestamp } from '../../kernel/clock.ts';

interface Secret {
  readonly value: string;
  readonly created: number;
  readonly updated: number;
}

export interface SavedSecrets {
  readonly key: Buffer;
  readonly versions: readonly ReadonlyMap<string, Secret>[];
}

/** An app's secrets: every change makes a version, and a machine runs with the version it was made with. */
export class AppSecrets {
  readonly #clock: Clock;
  readonly #key: Buffer;
  readonly #versions: ReadonlyMap<string, Secret>[];

  /** @param saved what {@link save} gave; default none */
  constructor(clock: Clock, saved: SavedSecrets = { key: randomBytes(32), versions: [new Map()] }) {
    this.#clock = clock;
    this.#key = saved.key;
    this.#versions = [...saved.versions];
  }

  save(): SavedSecrets {
    return { key: this.#key, versions: this.#versions };
  }

  get version(): number {
    return this.#versions.length - 1;
  }

  /** Sets secrets and, where the value is null, takes them away; returns the new version. */
  update(values: Readonly<Record<string, string | null>>): number {
    const now = this.#clock.now();
    const next = new Map(this.#versions.at(-1));
    for (const [name, value] of Object.entries(values)) {
      if (value === null) next.delete(name);
      else next.set(name, { value, created: next.get(name)?.created ?? now, updated: now });
    }
    this.#versions.push(next);
    return this.version;
  }

  has(name: string): boolean {
    return this.#versions.at(-1)?.has(name) ?? false;
  }

  /** The secrets of a version, as a machine finds them in its environment. */
  values(version: number): Record<string, string> {
    return Object.fromEntries([...(this.#versions[version] ?? [])].map(([name, { value }]) => [name, value]));
  }

  /** As the API lists them: by name, with a digest that tells two values apart and nothing else. */
  shown(names?: readonly string[], withValues = false): Record<string, string>[] {
    return [...(this.#versions.at(-1) ?? [])]
      .filter(([name]) => !names || names.includes(name))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, { value, created, updated }]) => ({
        name,
        digest: createHmac('sha256', this.#key).update(value).digest('hex').slice(0, 16),
        created_at: timestamp(created),
        updated_at: timestamp(updated),
        ...(withValues && { value }),
      }));
  }
}
