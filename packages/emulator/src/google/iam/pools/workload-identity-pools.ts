import type { Pools, Provider as ProviderOf } from '../../../contracts.ts';
import { notFound } from '../../../kernel/errors.ts';

/** A pool: the namespace of identities that are not Google's own. */
export interface Pool {
  /** `projects/NUMBER/locations/global/workloadIdentityPools/POOL` */
  readonly name: string;
  displayName?: string;
  description?: string;
  disabled?: boolean;
  /** Set when it is made, e.g. `FEDERATION_ONLY`. */
  readonly mode?: string;
  /** Kept for thirty days, in which it takes no token and can be restored. */
  deleted?: boolean;
}

/** An OIDC provider of a pool: whose tokens are taken and what they become. */
export interface Provider extends ProviderOf {
  readonly displayName?: string;
  readonly description?: string;
  disabled?: boolean;
  deleted?: boolean;
}

interface SavedPools {
  readonly pools: readonly Pool[];
  readonly providers: readonly Provider[];
}

/** The workload identity pools and their providers (https://cloud.google.com/iam/docs/workload-identity-federation). */
export class WorkloadIdentityPools implements Pools {
  readonly #pools = new Map<string, Pool>();
  readonly #providers = new Map<string, Provider>();

  addPool(pool: Pool): void {
    this.#pools.set(pool.name, pool);
  }

  /** Adds a provider, or replaces it; its pool is made when it is not there. */
  add(provider: Provider): void {
    const pool = poolOf(provider.name);
    if (!this.#pools.has(pool)) this.addPool({ name: pool });
    this.#providers.set(provider.name, provider);
  }

  findPool(name: string): Pool | undefined {
    return this.#pools.get(name);
  }

  /** @throws ApiError NOT_FOUND */
  getPool(name: string): Pool {
    const pool = this.findPool(name);
    if (!pool) throw notFound(name);
    return pool;
  }

  listPools(): Pool[] {
    return [...this.#pools.values()];
  }

  /** Every pool and provider, to be kept. */
  save(): SavedPools {
    return { pools: this.listPools(), providers: [...this.#providers.values()] };
  }

  restore({ pools, providers }: SavedPools): void {
    for (const pool of pools) this.addPool(pool);
    for (const provider of providers) this.add(provider);
  }

  find(name: string): Provider | undefined {
    return this.#providers.get(name);
  }

  /** @throws ApiError NOT_FOUND */
  get(name: string): Provider {
    const provider = this.find(name);
    if (!provider) throw notFound(name);
    return provider;
  }

  /** The providers whose name starts with a pool's. */
  list(pool: string): Provider[] {
    return [...this.#providers.values()].filter(({ name }) => name.startsWith(`${pool}/providers/`));
  }

  /** The provider of that name while it and its pool take tokens. */
  active(name: string): Provider | undefined {
    const provider = this.find(name);
    const usable = [provider, this.findPool(poolOf(name))].every(
      (part) => part && !part.disabled && !part.deleted,
    );
    return usable ? provider : undefined;
  }
}

function poolOf(provider: string): string {
  return provider.replace(/\/providers\/[^/]*$/, '');
}
