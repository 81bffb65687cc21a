import type { RunningCloud } from '../cloud.ts';
import type { Resources } from './deployed.ts';

/** Looks at everything that was deployed. */
export function resourcesOf(cloud: RunningCloud): Resources {
  const now = cloud.clock.now();
  return {
    services: cloud.run.list('projects/').map(({ resource }) => ({
      ...placeIn(resource.name),
      url: resource.uri,
      serves: last(resource.latestReadyRevision ?? resource.latestCreatedRevision),
      ready: resource.terminalCondition.state === 'CONDITION_SUCCEEDED',
      open:
        resource.invokerIamDisabled === true ||
        cloud.iam.allows(undefined, 'run.routes.invoke', resource.name),
      path: '/',
    })),
    jobs: [...cloud.runJobs.jobs.values()].map(({ resource, executions }) => ({
      ...placeIn(resource.name),
      executions: executions.size,
    })),
    gateways: [...cloud.apiGateway.gateways.values()].map(({ name, defaultHostname, apiConfig, state }) => {
      const config = [...cloud.apiGateway.configs.values()].find((one) => last(one.name) === last(apiConfig));
      const [, api = ''] = /\/apis\/([^/]+)\//.exec(config?.name ?? '') ?? [];
      const managed = [...cloud.apiGateway.apis.values()].find((one) => last(one.name) === api);
      return {
        ...placeIn(name),
        url: /^https?:/.test(defaultHostname) ? defaultHostname : `http://${defaultHostname}`,
        serves: last(apiConfig),
        ready: state === 'ACTIVE',
        open: true,
        path: pathOf(config?.openapiDocuments.map(({ document }) => document?.contents) ?? []),
        ...(managed && { managedService: managed.managedService }),
      };
    }),
    keys: cloud.apiKeys
      .list(now)
      .filter(({ deleteTime }) => deleteTime === undefined)
      .map(({ name, keyString, restrictions }) => ({
        name: last(name),
        key: keyString,
        services: (restrictions?.apiTargets ?? []).flatMap(({ service }) => service ?? []),
      })),
    apps: cloud.fly.apps().map(({ name, url = '', machines }) => ({ name, url, machines: machines.size })),
    repositories: cloud.artifactRegistry.list('projects/').map(({ resource, images }) => ({
      name: resource.name,
      images: images.list().length,
    })),
  };
}

function placeIn(name: string): { name: string; location: string } {
  const [, location = ''] = /\/locations\/([^/]+)/.exec(name) ?? [];
  return { name: last(name), location };
}

function last(name: string): string {
  return name.split('/').at(-1) ?? name;
}

/** A path without variables that has a GET, the root before others. */
function pathOf(documents: readonly unknown[]): string {
  for (const contents of documents) {
    const text = typeof contents === 'string' ? Buffer.from(contents, 'base64').toString('utf8') : '';
    const paths = [...text.matchAll(/^\s*["']?(\/[^\s"':{]*)["']?:/gm)].map(([, path = '']) => path);
    if (paths.includes('/')) return '/';
    if (paths[0]) return paths[0];
  }
  return '/';
}
