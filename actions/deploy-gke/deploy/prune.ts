import { cancellation, log } from '@gangway/action';
import {
  FIELD_MANAGER,
  isKubernetesError,
  type Kubernetes,
  type KubernetesObject,
  nameOf,
  OBJECTS,
  pathOf,
  type Resources,
} from '@gangway/kubernetes';
import type { Label } from '../inputs.ts';
import type { Item } from '../plan/item.ts';
import { DELETED } from './deleted.ts';

/** Kinds that are looked at beside those in the manifests. */
const USUAL: readonly (readonly [apiVersion: string, kind: string])[] = [
  ['v1', 'ConfigMap'],
  ['v1', 'Secret'],
  ['v1', 'Service'],
  ['v1', 'ServiceAccount'],
  ['apps/v1', 'Deployment'],
  ['apps/v1', 'StatefulSet'],
  ['apps/v1', 'DaemonSet'],
  ['batch/v1', 'Job'],
  ['batch/v1', 'CronJob'],
  ['networking.k8s.io/v1', 'Ingress'],
  ['networking.k8s.io/v1', 'NetworkPolicy'],
  ['autoscaling/v2', 'HorizontalPodAutoscaler'],
  ['policy/v1', 'PodDisruptionBudget'],
];
/** What takes data or other people's objects along. */
const NEVER = ['Namespace', 'CustomResourceDefinition', 'PersistentVolume', 'PersistentVolumeClaim'];

/** What there is to delete, and where. */
export interface Left {
  readonly object: KubernetesObject;
  readonly path: string;
}

/**
 * Finds objects with the label that an earlier run of this action applied, and that are no longer in the manifests: in the namespaces
 * of those, of their kinds and the usual ones.
 *
 * @param namespace of the input
 */
export async function findLeft(
  api: Kubernetes,
  resources: Resources,
  items: readonly Item[],
  { name, value }: Label,
  namespace: string,
): Promise<readonly Left[]> {
  const kinds = new Map(
    [...USUAL, ...items.map(({ wanted }) => [wanted.apiVersion, wanted.kind] as const)].map((one) => [
      one.join(' '),
      one,
    ]),
  );
  const namespaces = new Set([
    namespace,
    ...items.map(({ wanted }) => wanted.metadata.namespace ?? namespace),
  ]);
  const left = new Map<string, Left>();
  for (const [apiVersion, kind] of kinds.values()) {
    if (NEVER.includes(kind)) continue;
    const resource = await resources.find(apiVersion, kind);
    if (!resource) continue;
    for (const where of resource.namespaced ? namespaces : [namespace]) {
      const path = pathOf(apiVersion, resource, where);
      for (const found of await list(api, path, `${name}=${value}`, kind)) {
        const object = { ...found, apiVersion, kind };
        const own = `${path}/${encodeURIComponent(object.metadata.name ?? '')}`;
        if (isOurs(object) && !items.some((item) => item.path === own))
          left.set(object.metadata.uid ?? own, { object, path: own });
      }
    }
  }
  return [...left.values()];
}

/** Deletes what is left over. @returns what was deleted */
export async function deleteLeft(api: Kubernetes, left: readonly Left[]): Promise<string[]> {
  const deleted: string[] = [];
  for (const { object, path } of left) {
    cancellation.throwIfAborted();
    try {
      const preconditions = { uid: object.metadata.uid };
      const body = { propagationPolicy: 'Background', preconditions };
      await api.request({ method: 'DELETE', path, body, answer: DELETED });
    } catch (error) {
      if (!isKubernetesError(error, 404)) throw error;
      continue;
    }
    log.info(`${nameOf(object)} deleted: it is no longer in the manifests.`);
    deleted.push(nameOf(object));
  }
  return deleted;
}

async function list(api: Kubernetes, path: string, labelSelector: string, kind: string) {
  try {
    return (await api.request({ method: 'GET', path, query: { labelSelector }, answer: OBJECTS })).items;
  } catch (error) {
    if (!isKubernetesError(error, 403)) throw error;
    log.warning(`What is left over of the kind ${kind} was not looked for: ${error.detail}`);
    return [];
  }
}

/** Whether this action applied it: the label alone may be anybody's. What another object owns goes with that. */
function isOurs({ metadata }: KubernetesObject): boolean {
  const applied = metadata.managedFields?.some(
    ({ manager, operation }) => manager === FIELD_MANAGER && operation === 'Apply',
  );
  return applied === true && !metadata.ownerReferences?.length && metadata.deletionTimestamp === undefined;
}
