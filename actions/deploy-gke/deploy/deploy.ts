import { log, type Stopwatch } from '@gangway/action';
import { type Manifest, nameOf, resourcesOf } from '@gangway/kubernetes';
import { nodeAccounts } from '../cluster/cluster.ts';
import type { Opened } from '../cluster/open.ts';
import type { ImageWork, Inputs, ManifestWork } from '../inputs.ts';
import { planImage } from '../plan/image-plan.ts';
import type { Item } from '../plan/item.ts';
import { planManifests } from '../plan/manifest-plan.ts';
import { carryOut } from './carry-out.ts';
import { deleteLeft, findLeft } from './prune.ts';
import { waitForRollouts } from './rollouts.ts';
import { show } from './show.ts';

/** What a step did, as far as it came. */
export interface Outcome {
  readonly items: readonly Item[];
  /** Created or changed, `KIND/NAME`. */
  readonly applied: string[];
  /** Deleted, or on a dry run to be deleted. */
  readonly pruned: string[];
  /** Of a release: the revision that is deployed. */
  revision?: number;
}

/** What is to be deployed: manifests with their images in place, or one image by digest. */
export type Wanted = { readonly manifests: readonly Manifest[] } | { readonly image: string };

/**
 * Compares, lets the server check, shows what changes, carries it out, waits for the pods, and deletes what is left over.
 *
 * @param report gets what was done, also before a failure
 */
export async function deploy(
  { api, cluster, projectId }: Opened,
  inputs: Inputs,
  wanted: Wanted,
  watch: Stopwatch,
  report: (outcome: Outcome) => Promise<void>,
): Promise<void> {
  const { work, namespace, dryRun, rollback } = inputs;
  const resources = resourcesOf(api);
  const items = await watch.time('compare', async () =>
    'manifests' in wanted
      ? planManifests(api, resources, wanted.manifests, inputs as Inputs & { readonly work: ManifestWork })
      : [await planImage(api, namespace, work as ImageWork, wanted.image)],
  );
  const prune = work.kind === 'manifests' ? work.prune : undefined;
  const left = prune
    ? await watch.time('left over', () => findLeft(api, resources, items, prune, namespace))
    : [];
  show(
    items,
    left.map(({ object }) => `${nameOf(object)} is no longer in the manifests, and is deleted in the end.`),
  );
  if (items.every(({ change }) => change === 'unchanged') && left.length === 0)
    log.info('Everything matches the manifests.');
  const outcome: Outcome = { items, applied: [], pruned: [] };
  if (dryRun) {
    outcome.applied.push(
      ...items.filter(({ change }) => change !== 'unchanged').map(({ wanted: one }) => nameOf(one)),
    );
    outcome.pruned.push(...left.map(({ object }) => nameOf(object)));
    return report(outcome);
  }
  const deadline = performance.now() + inputs.timeout;
  const nodes = { accounts: nodeAccounts(cluster), projectId };
  try {
    const rollouts = await watch.time('apply', () =>
      carryOut({ api, force: inputs.forceConflicts, deadline }, items, (item) =>
        outcome.applied.push(nameOf(item.wanted)),
      ),
    );
    await watch.time('rollout', () => waitForRollouts(rollouts, { api, deadline, rollback, nodes }));
    outcome.pruned.push(...(await deleteLeft(api, left)));
  } finally {
    await report(outcome);
  }
}
