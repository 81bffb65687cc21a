import {
  contains,
  type Kubernetes,
  look,
  type Manifest,
  nameOf,
  resourcesOf,
  withData,
} from '@gangway/kubernetes';
import { changesOf } from '../plan/changes.ts';
import type { Item } from '../plan/item.ts';
import { locate } from '../plan/kinds.ts';
import type { Release } from './release.ts';

/** What a release becomes. */
export interface ReleasePlan {
  readonly items: readonly Item[];
  /** `KIND/NAME` of what the chart no longer has, which helm deletes. */
  readonly left: readonly string[];
  /** Whether the revision that is deployed is the very same, and the cluster still has what it made. */
  readonly isUnchanged: boolean;
}

/** Compares what the chart now makes with the release that is there, and that with the cluster. Requests are GETs only. */
export async function compareRelease(
  api: Kubernetes,
  namespace: string,
  now: Release,
  before: Release | undefined,
): Promise<ReleasePlan> {
  const resources = resourcesOf(api);
  const same = before?.status === 'deployed' && before.fingerprint === now.fingerprint;
  const items: Item[] = [];
  for (const manifest of now.objects) {
    const { object, where } = manifest;
    const located = await locate(resources, manifest, now.objects, namespace);
    const { namespace: _, ...metadata } = object.metadata;
    const place = located.namespace === undefined ? {} : { namespace: located.namespace };
    const wanted = withData({ ...object, metadata: { ...metadata, ...place } });
    const live = located.isNew ? undefined : await look(api, located.path);
    const old = before?.objects.find((one) => keyOf(one) === keyOf(manifest))?.object;
    const changes = changesOf(live && (old ?? live), object);
    const isThere = live && contains(live, wanted);
    const change = !live ? 'created' : changes.length > 0 || !isThere ? 'changed' : 'unchanged';
    items.push({ wanted, where, path: located.path, live, changes, checked: true, change });
  }
  const kept = new Set(now.objects.map(keyOf));
  const left = (before?.objects ?? [])
    .filter((one) => !kept.has(keyOf(one)))
    .map(({ object }) => nameOf(object));
  const isUnchanged = same && items.every(({ change }) => change === 'unchanged');
  return { items, left, isUnchanged };
}

function keyOf({ object: { apiVersion, kind, metadata } }: Manifest): string {
  return [apiVersion, kind, metadata.namespace ?? '', metadata.name].join(' ');
}
