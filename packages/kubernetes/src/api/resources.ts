import { ActionError } from '@gangway/action/error';
import { fields, flag, list, type Reader, text } from '@gangway/http';
import type { Kubernetes } from './client.ts';
import { isKubernetesError } from './error.ts';

/** A kind as an API server has it. */
export interface Resource {
  /** The plural that paths have, e.g. `deployments`. */
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs?: readonly string[];
}

const RESOURCES: Reader<{ readonly resources: readonly Resource[] }> = fields<{
  resources: readonly Resource[];
}>(
  {
    resources: list(
      fields<Resource>(
        { name: text, kind: text, namespaced: flag, verbs: list(text) },
        'name',
        'kind',
        'namespaced',
      ),
    ),
  },
  'resources',
);

/** The kinds that an API server knows, each group asked for once. */
export interface Resources {
  /**
   * @returns undefined for a kind that it does not know
   * @throws KubernetesError
   */
  find(apiVersion: string, kind: string): Promise<Resource | undefined>;
  /** Asks again: a definition was made since. */
  forget(apiVersion: string): void;
}

/** @see https://kubernetes.io/docs/concepts/overview/kubernetes-api/#discovery-api */
export function resourcesOf(cluster: Kubernetes): Resources {
  const known = new Map<string, Promise<readonly Resource[]>>();
  const ask = async (apiVersion: string): Promise<readonly Resource[]> => {
    try {
      return (await cluster.request({ method: 'GET', path: rootOf(apiVersion), answer: RESOURCES }))
        .resources;
    } catch (error) {
      if (isKubernetesError(error, 404)) return [];
      throw error;
    }
  };
  return {
    async find(apiVersion, kind) {
      const asked = known.get(apiVersion) ?? ask(apiVersion);
      known.set(apiVersion, asked);
      // `deployments/scale` is a kind of its own.
      return (await asked).find((one) => one.kind === kind && !one.name.includes('/'));
    },
    forget: (apiVersion) => void known.delete(apiVersion),
  };
}

/** The path of all objects of a kind, e.g. `/apis/apps/v1/namespaces/web/deployments`. */
export function pathOf(apiVersion: string, { name, namespaced }: Resource, namespace: string): string {
  return `${rootOf(apiVersion)}${namespaced ? `/namespaces/${encodeURIComponent(namespace)}` : ''}/${name}`;
}

/** @throws ActionError for a text that is no group and version */
function rootOf(apiVersion: string): string {
  if (!/^([a-z0-9.-]+\/)?v[a-z0-9]+$/.test(apiVersion))
    throw new ActionError(`"${apiVersion}" is not an apiVersion.`, {
      code: 'manifest-invalid',
      hint: 'write a version such as v1, or a group and a version such as apps/v1',
    });
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}
