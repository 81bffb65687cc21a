import type { RunningCloud } from '../cloud.ts';
import { inventoryOf } from '../console/inventory/inventory.ts';
import type { Resources } from './deployed.ts';

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
    // flyctl makes builders for itself.
    apps: apps
      .filter(({ isBuilder }) => !isBuilder)
      .map(({ name, url, machines }) => ({ name, url, machines: machines.length })),
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
