import type { Clock } from '../kernel/clock.ts';
import { Images } from '../oci/index.ts';
import type { App } from './apps/app.ts';
import { AppSecrets } from './apps/secrets.ts';
import { notFound } from './errors.ts';
import { Disturbances } from './machines/disturbances.ts';
import type { Organization } from './organization.ts';
import { type Cluster, newCluster } from './postgres/cluster.ts';
import { TokenStore } from './sign-in/tokens.ts';

/** What Fly.io keeps: organizations, their apps, and who may do what with them. */
export class FlyState {
  readonly organizations = new Map<string, Organization>();
  readonly tokens: TokenStore;
  readonly disturbances = new Disturbances();
  /** Managed Postgres, by id. */
  readonly clusters = new Map<string, Cluster>();
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

  addCluster(name: string, organization: Organization): Cluster {
    const cluster = newCluster(name, organization);
    this.clusters.set(cluster.id, cluster);
    return cluster;
  }

  addApp(name: string, organization: Organization, network = 'default', role = ''): App {
    const app: App = {
      numericId: 500_000 + this.#apps.size,
      name,
      organization,
      network,
      role,
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

  /** Puts back an app that was kept. */
  restoreApp(app: App): void {
    this.#apps.set(app.name, app);
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
