import { ActionError } from '@gangway/action';
import {
  apply,
  inOrder,
  isAsApplied,
  isJob,
  isKubernetesError,
  type Kubernetes,
  type KubernetesObject,
  look,
  type Manifest,
  marked,
  nameOf,
  type Resources,
} from '@gangway/kubernetes';
import type { Inputs, ManifestWork } from '../inputs.ts';
import { changesOf } from './changes.ts';
import type { Item } from './item.ts';
import { checkJob } from './job.ts';
import { type Located, locate } from './kinds.ts';

/**
 * Compares every object with what is there, in the order in which they are to be applied. What is not as its manifest says is sent to the
 * server as a dry run, so that nothing is changed before all of it is known to be valid.
 *
 * @throws ActionError for what the server refuses, what others own, a kind that it does not know, and a namespace that is not there
 */
export async function planManifests(
  api: Kubernetes,
  resources: Resources,
  manifests: readonly Manifest[],
  inputs: Inputs & { readonly work: ManifestWork },
): Promise<readonly Item[]> {
  const all = inOrder([...(await missingNamespace(api, inputs)), ...manifests]);
  const items: Item[] = [];
  for (const manifest of all) {
    const located = await locate(resources, manifest, all, inputs.namespace);
    const wanted = marked(placed(manifest.object, located, inputs.work));
    const target = { wanted, path: located.path, where: manifest.where };
    const isAbsent = located.isNew || isInNewNamespace(located, items);
    items.push(await compare(api, target, isAbsent, inputs));
  }
  return items;
}

async function compare(
  api: Kubernetes,
  target: Pick<Item, 'wanted' | 'path' | 'where'>,
  isAbsent: boolean,
  { forceConflicts: force }: Inputs,
): Promise<Item> {
  const { wanted, path } = target;
  const created = {
    ...target,
    live: undefined,
    change: 'created',
    changes: changesOf(undefined, wanted),
  } as const;
  if (isAbsent) return { ...created, checked: false };
  const live = await look(api, path);
  if (live && isAsApplied(live, wanted))
    return { ...target, live, change: 'unchanged', changes: [], checked: true };
  if (live && isJob(wanted)) {
    await checkJob(api, target, live);
    return { ...target, live, change: 'changed', changes: changesOf(undefined, wanted), checked: true };
  }
  const after = await apply(api, target, { dryRun: true, force }).catch((error: unknown) => {
    throw explained(error, target);
  });
  if (!live) return { ...created, checked: true };
  const changes = changesOf(live, after);
  return { ...target, live, change: changes.length > 0 ? 'changed' : 'unchanged', changes, checked: true };
}

/** The object in its namespace, with the label by which what is left over is known. */
function placed(object: KubernetesObject, { namespace }: Located, { prune }: ManifestWork): KubernetesObject {
  const { namespace: _, ...metadata } = object.metadata;
  const labels = prune ? { labels: { ...metadata.labels, [prune.name]: prune.value } } : {};
  return { ...object, metadata: { ...metadata, ...(namespace !== undefined && { namespace }), ...labels } };
}

/** The namespace of the input as a manifest, where it is to be made. */
async function missingNamespace(
  api: Kubernetes,
  { namespace, createNamespace }: Inputs,
): Promise<Manifest[]> {
  if (!createNamespace || (await look(api, `/api/v1/namespaces/${namespace}`))) return [];
  const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
  return [{ object, where: 'the input namespace', file: '', line: 0 }];
}

function isInNewNamespace({ namespace }: Located, items: readonly Item[]): boolean {
  return items.some(
    ({ wanted, change }) =>
      wanted.kind === 'Namespace' && change === 'created' && wanted.metadata.name === namespace,
  );
}

function explained(error: unknown, { wanted, where }: Pick<Item, 'wanted' | 'where'>): unknown {
  const missing = isKubernetesError(error, 404) && /namespaces "([^"]*)" not found/.exec(error.detail)?.[1];
  if (!missing) return error;
  return new ActionError(
    `${nameOf(wanted)} (${where}) is for the namespace ${missing}, which is not there.`,
    {
      code: 'namespace-missing',
      hint: 'check namespace; or set create_namespace to true, or put a Namespace into the manifests',
      cause: error,
    },
  );
}
