import { ActionError } from '@gangway/action';
import {
  groupOf,
  listAt,
  type Manifest,
  pathOf,
  type Resource,
  type Resources,
  textAt,
} from '@gangway/kubernetes';

/** Where an object of a manifest is or is to be. */
export interface Located {
  readonly resource: Resource;
  readonly namespace: string | undefined;
  /** From the server's root. */
  readonly path: string;
  /** Its kind is made by this very step: nothing of it can be there. */
  readonly isNew: boolean;
}

/**
 * Finds where an object goes: the cluster knows its kind, or a custom resource definition in the manifests makes it.
 *
 * @param namespace of what names none
 * @throws ActionError `kind-unknown`
 */
export async function locate(
  resources: Resources,
  manifest: Manifest,
  manifests: readonly Manifest[],
  namespace: string,
): Promise<Located> {
  const { apiVersion, kind, metadata } = manifest.object;
  const known = await resources.find(apiVersion, kind);
  const resource = known ?? defined(manifest, manifests);
  if (!resource)
    throw new ActionError(`${manifest.where}: the cluster knows no ${kind} of ${apiVersion}.`, {
      code: 'kind-unknown',
      hint: 'check apiVersion and kind; a kind that an operator brings needs its CustomResourceDefinition in the cluster, or in these manifests',
      place: { file: manifest.file, line: manifest.line },
    });
  const where = metadata.namespace ?? namespace;
  const path = `${pathOf(apiVersion, resource, where)}/${encodeURIComponent(metadata.name ?? '')}`;
  return { resource, namespace: resource.namespaced ? where : undefined, path, isNew: known === undefined };
}

function defined({ object }: Manifest, manifests: readonly Manifest[]): Resource | undefined {
  const version = object.apiVersion.split('/')[1];
  const definition = manifests.find(
    ({ object: other }) =>
      other.kind === 'CustomResourceDefinition' &&
      textAt(other, 'spec', 'group') === groupOf(object.apiVersion) &&
      textAt(other, 'spec', 'names', 'kind') === object.kind &&
      listAt(other, 'spec', 'versions').some(({ name }) => name === version),
  )?.object;
  const name = definition && textAt(definition, 'spec', 'names', 'plural');
  if (!name) return undefined;
  return { name, kind: object.kind, namespaced: textAt(definition, 'spec', 'scope') === 'Namespaced' };
}
