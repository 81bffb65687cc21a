import type { Clock } from '../kernel/clock.ts';
import { Images } from '../oci/index.ts';
import type { LogLine } from './apps/logs.ts';
import { AppSecrets } from './apps/secrets.ts';
import { notFound } from './errors.ts';
import { Disturbances } from './machines/disturbances.ts';
import type { Machine } from './machines/machine.ts';
import { TokenStore } from './sign-in/tokens.ts';

export interface Organization {
  readonly id: string;
  readonly numericId: number;
  readonly slug: string;
  readonly name: string;
  readonly personal: boolean;
}

/** A release: what a deploy says it does, and how that went. */
export interface Release {
  readonly id: string;
  readonly version: number;
  readonly strategy: string;
  readonly imageRef: string;
  /** fly.toml as JSON. */
  readonly definition: unknown;
  readonly user: string;
  readonly createdAt: number;
  readonly buildId: number | undefined;
  status: string;
  metadata: unknown;
}

export interface IpAssignment {
  readonly ip: string;
  readonly type: string;
  readonly region: string;
  readonly service_name: string;
  readonly shared: boolean;
  readonly created_at: string;
}

export interface Volume {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly size_gb: number;
  readonly encrypted: boolean;
  readonly created_at: string;
  state: string;
  attached_machine_id: string | null;
  auto_backup_enabled: boolean;
  snapshot_retention: number;
}

export interface App {
  readonly numericId: number;
  readonly name: string;
  readonly organization: Organization;
  readonly network: string;
  readonly createdAt: number;
  /** Every machine there ever was: one that is destroyed can still be asked for. */
  readonly machines: Map<string, Machine>;
  /** Oldest first. */
  readonly releases: Release[];
  readonly secrets: AppSecrets;
  readonly volumes: Map<string, Volume>;
  readonly ips: IpAssignment[];
  /** What is in registry.fly.io under the app's name. */
  readonly images: Images;
  readonly logs: LogLine[];
  /** Where the app answers on loopback, once it has a service. */
  url?: string;
}

/** What Fly.io keeps: organizations, their apps, and who may do what with them. */
export class FlyState {
  readonly organizations = new Map<string, Organization>();
  readonly tokens: TokenStore;
  readonly disturbances = new Disturbances();
  readonly builds: { readonly id: number; readonly app: string; status: string; readonly started: number }[] =
    [];
  readonly #apps = new Map<string, App>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.tokens = new TokenStore(clock);
  }

  addOrganization(slug: string, name: string, personal: boolean): Organization {
    const numericId = 1000 + this.organizations.size;
    const organization = { id: `org${numericId}`, numericId, slug, name, personal };
    this.organizations.set(slug, organization);
    return organization;
  }

  addApp(name: string, organization: Organization, network = 'default'): App {
    const app: App = {
      numericId: 500_000 + this.#apps.size,
      name,
      organization,
      network,
      createdAt: this.#clock.now(),
      machines: new Map(),
      releases: [],
      secrets: new AppSecrets(this.#clock),
      volumes: new Map(),
      ips: [],
      images: new Images(),
      logs: [],
    };
    this.#apps.set(name, app);
    return app;
  }

  findApp(name: string): App | undefined {
    return this.#apps.get(name);
  }

  /** @throws FlyError 404 */
  app(name: string): App {
    const app = this.findApp(name);
    if (!app) throw notFound('app');
    return app;
  }

  removeApp(name: string): void {
    this.#apps.delete(name);
  }

  apps(): App[] {
    return [...this.#apps.values()];
  }
}

/** An app counts as deployed from its first complete release on. */
export function statusOf(app: App): 'pending' | 'deployed' | 'suspended' {
  const machines = [...app.machines.values()].filter(({ active }) => active);
  if (!app.releases.some(({ status }) => status === 'complete')) return 'pending';
  return machines.length > 0 && machines.every(({ state }) => state === 'stopped') ? 'suspended' : 'deployed';
}
