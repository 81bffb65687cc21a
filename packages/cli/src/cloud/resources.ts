import { inventoryOf, type RunningCloud } from '@gangway/emulator';

/** What a local cloud has, as a person looks for it. */
export interface Resources {
  readonly services: readonly Deployed[];
  readonly jobs: readonly { readonly name: string; readonly location: string; readonly executions: number }[];
  readonly gateways: readonly Deployed[];
  readonly keys: readonly {
    readonly name: string;
    readonly key: string;
    readonly services: readonly string[];
  }[];
  readonly apps: readonly { readonly name: string; readonly url: string; readonly machines: number }[];
  readonly repositories: readonly { readonly name: string; readonly images: number }[];
}

export interface Deployed {
  readonly name: string;
  readonly location: string;
  readonly url: string;
  /** A revision, or an API config. */
  readonly serves: string;
  readonly ready: boolean;
  /** Whether anybody may call it without a token of Google's. */
  readonly open: boolean;
  /** A path that answers GET, by the document that it serves. */
  readonly path: string;
  /** Of a gateway: the managed service that its keys are for. */
  readonly managedService?: string;
}

/** Looks at everything that was deployed. */
export function resourcesOf(cloud: RunningCloud): Resources {
  const { services, jobs, gateways, keys, apps, repositories } = inventoryOf(cloud);
  const now = cloud.clock.now();
  return {
    services: services.map(({ name, location, url, serves, state, isOpen }) => ({
      ...{ name, location, url, serves },
      ready: state === 'ready',
      open: isOpen,
      path: '/',
    })),
    jobs: jobs.map(({ name, location, executions }) => ({ name, location, executions: executions.length })),
    gateways: gateways.map(({ name, location, url, config, state, routes, managedService }) => ({
      ...{ name, location, url },
      serves: config,
      ready: state === 'ACTIVE',
      open: true,
      path: pathOf(routes),
      ...(managedService && { managedService }),
    })),
    keys: keys.flatMap(({ fullName, id, isDeleted, services: targets }) => {
      const key = cloud.apiKeys.find(fullName, now)?.keyString;
      return key === undefined || isDeleted ? [] : [{ name: id, key, services: targets }];
    }),
    apps: apps.map(({ name, url, machines }) => ({ name, url, machines: machines.length })),
    repositories: repositories
      .filter(({ fullName }) => fullName !== '')
      .map(({ fullName, images }) => ({ name: fullName, images: images.length })),
  };
}

/** A path without variables that has a GET, the root before others. */
function pathOf(routes: readonly { readonly method: string; readonly path: string }[]): string {
  const paths = routes.filter(({ method, path }) => method === 'GET' && !path.includes('{'));
  return paths.some(({ path }) => path === '/') ? '/' : (paths[0]?.path ?? '/');
}
