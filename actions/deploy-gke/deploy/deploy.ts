import { log, type Stopwatch } from '@gangway/action';
import { type Manifest, nameOf, resourcesOf } from '@gangway/kubernetes';
import { diffLines } from '@gangway/settings';
import { nodeAccounts } from '../cluster/cluster.ts';
import type { Opened } from '../cluster/open.ts';
import type { ImageWork, Inputs, ManifestWork } from '../inputs.ts';
import { planImage } from '../plan/image-plan.ts';
import type { Item } from '../plan/item.ts';
import { planManifests } from '../plan/manifest-plan.ts';
import { carryOut } from './carry-out.ts';
import { deleteLeft, findLeft, type Left } from './prune.ts';
import { waitForRollouts } from './rollouts.ts';

/** What a step did, as far as it came. */
export interface Outcome {
  readonly items: readonly Item[];
  /** Created or changed, `KIND/NAME`. */
  readonly applied: string[];
  /** Deleted, or on a dry run to be deleted. */
  readonly pruned: string[];
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
  show(items, left);
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

function show(items: readonly Item[], left: readonly Left[]): void {
  for (const { wanted, where, change, changes, checked } of items) {
    if (change === 'unchanged') continue;
    log.info(`${nameOf(wanted)} (${where}) ${change === 'created' ? 'is new' : 'changes'}:`);
    // All of what is new is in its manifest.
    if (change === 'changed')
      log.output(
        `${diffLines(changes)
          .map((line) => `  ${line}`)
          .join('\n')}\n`,
      );
    if (!checked) log.info('The server can check it only once its namespace or kind is there.');
  }
  for (const { object } of left)
    log.info(`${nameOf(object)} is no longer in the manifests, and is deleted in the end.`);
  if (items.every(({ change }) => change === 'unchanged') && left.length === 0)
    log.info('Everything is as the manifests say.');
}
