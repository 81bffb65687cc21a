import { Images, type SavedImages } from '../oci/index.ts';
import type { App } from './apps/app.ts';
import type { IpAssignment, LogLine, Release, Volume } from './apps/app-record.ts';
import { AppSecrets, type SavedSecrets } from './apps/secrets.ts';
import type { Context } from './context.ts';
import { destroyed, start } from './machines/lifecycle.ts';
import { Machine, type SavedMachine } from './machines/machine.ts';
import type { Organization } from './organization.ts';
import type { Cluster } from './postgres/cluster.ts';
import type { Token } from './sign-in/token.ts';

/** Milliseconds in which a machine comes up again, or is left to itself. */
const PATIENCE = 60_000;

interface SavedApp {
  readonly numericId: number;
  readonly name: string;
  /** Its slug. */
  readonly organization: string;
  readonly network: string;
  readonly role: string;
  readonly createdAt: number;
  readonly url: string | undefined;
  readonly releases: Release[];
  readonly volumes: Map<string, Volume>;
  readonly ips: IpAssignment[];
  readonly logs: LogLine[];
  readonly secrets: SavedSecrets;
  readonly images: SavedImages;
  readonly machines: readonly SavedMachine[];
}

/** What Fly.io keeps where the cloud keeps its data. What refers to an organization or an app does so by name. */
interface SavedFly {
  readonly organizations: readonly Organization[];
  readonly apps: readonly SavedApp[];
  readonly clusters: readonly (Omit<Cluster, 'organization'> & { readonly organization: string })[];
  readonly tokens: readonly (Omit<Token, 'organization' | 'app'> & {
    readonly organization?: string | undefined;
    readonly app?: string | undefined;
  })[];
  readonly builds: Context['fly']['builds'];
}

export function saveFly({ fly }: Context): SavedFly {
  return {
    organizations: [...fly.organizations.values()],
    apps: fly.apps().map(({ organization, secrets, images, machines, url, ...app }) => ({
      ...app,
      url,
      organization: organization.slug,
      secrets: secrets.save(),
      images: images.save(),
      machines: [...machines.values()].map((machine) => machine.save()),
    })),
    clusters: [...fly.clusters.values()].map((cluster) => ({
      ...cluster,
      organization: cluster.organization.slug,
    })),
    tokens: fly.tokens.save().map(({ organization, app, ...token }) => ({
      ...token,
      organization: organization?.slug,
      app: app?.name,
    })),
    builds: fly.builds,
  };
}

export function restoreFly({ fly, clock }: Context, saved: SavedFly): void {
  for (const organization of saved.organizations) fly.organizations.set(organization.slug, organization);
  const organizationOf = (slug: string): Organization => {
    const found = fly.organizations.get(slug);
    if (!found)
      throw new Error(`The data of the local cloud name an organization that is not there: ${slug}.`);
    return found;
  };
  for (const { organization, secrets, images, machines, url, ...kept } of saved.apps) {
    const app: App = {
      ...kept,
      ...(url !== undefined && { url }),
      organization: organizationOf(organization),
      secrets: new AppSecrets(clock, secrets),
      images: Images.restore(images),
      machines: new Map(),
    };
    for (const machine of machines) app.machines.set(machine.fields.id, Machine.restore(app, clock, machine));
    fly.restoreApp(app);
  }
  for (const cluster of saved.clusters)
    fly.clusters.set(cluster.id, { ...cluster, organization: organizationOf(cluster.organization) });
  fly.tokens.restore(
    saved.tokens.flatMap(({ organization, app: name, ...token }) => {
      const app = name === undefined ? undefined : fly.findApp(name);
      // A token of an app that is gone is good for nothing.
      if (name !== undefined && !app) return [];
      return [
        {
          ...token,
          ...(organization !== undefined && { organization: organizationOf(organization) }),
          ...(app && { app }),
        },
      ];
    }),
  );
  fly.builds.push(...saved.builds);
}

/** Starts the machines again that ran, as after their host was restarted, and opens what the apps answered on. */
export async function resumeFly(cloud: Context, notice: (line: string) => void): Promise<void> {
  const { fly, flyPlane } = cloud;
  const starting: Machine[] = [];
  for (const app of fly.apps()) {
    if (app.url !== undefined) await flyPlane.openFront(app, (asleep) => start(cloud, asleep, 'flyd'));
    for (const machine of app.machines.values()) {
      if (machine.state === 'destroying') destroyed(cloud, machine);
      else if (['started', 'starting', 'replacing'].includes(machine.state)) {
        start(cloud, machine, 'flyd');
        starting.push(machine);
      } else if (['stopping', 'suspending', 'suspended'].includes(machine.state))
        machine.move('stopped', 'exit', 'flyd');
    }
  }
  await Promise.all(starting.map((machine) => settled(machine, notice)));
}

async function settled(machine: Machine, notice: (line: string) => void): Promise<void> {
  const late = AbortSignal.timeout(PATIENCE);
  const ended = new Promise<void>((resolve) => late.addEventListener('abort', () => resolve()));
  while (machine.state === 'starting' && !late.aborted) await Promise.race([machine.changed(), ended]);
  if (machine.state !== 'started')
    notice(`Machine ${machine.id} of ${machine.app.name} does not come up again: it is ${machine.state}.`);
}
