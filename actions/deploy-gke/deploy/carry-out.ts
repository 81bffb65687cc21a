import { ActionError, cancellation, log } from '@gangway/action';
import {
  apply,
  isJob,
  type KubernetesObject,
  listAt,
  nameOf,
  waitFor,
  workloadKind,
} from '@gangway/kubernetes';
import { sendPatch } from '../plan/image-plan.ts';
import type { Item } from '../plan/item.ts';
import { runJob } from './job.ts';
import type { Work } from './work.ts';

/** A workload whose pods are to be waited for. */
export interface Rollout {
  readonly item: Item;
  /** As this step left it. */
  readonly ours: KubernetesObject;
}

/**
 * Makes every object what it is to be, in order. Jobs are run as they come, before what runs pods: one that fails ends the step
 * while the old pods still run.
 *
 * @param done gets each object that was created or changed, also before a failure
 * @returns what has pods, changed or not
 */
export async function carryOut(
  work: Work,
  items: readonly Item[],
  done: (item: Item) => void,
): Promise<readonly Rollout[]> {
  const rollouts: Rollout[] = [];
  for (const item of items) {
    cancellation.throwIfAborted();
    if (isJob(item.wanted)) {
      if (await runJob(work, item)) done(item);
      continue;
    }
    const ours = item.change === 'unchanged' && item.live ? item.live : await send(work, item);
    if (item.change !== 'unchanged') {
      log.info(`${nameOf(item.wanted)} ${item.change}.`);
      done(item);
    }
    if (item.wanted.kind === 'CustomResourceDefinition') await established(work, item, ours);
    if (workloadKind(item.wanted)) rollouts.push({ item, ours });
  }
  return rollouts;
}

function send({ api, force }: Work, item: Item): Promise<KubernetesObject> {
  return item.patch
    ? sendPatch(api, item.path, item.patch, false)
    : apply(api, item, { dryRun: false, force });
}

/** Objects of a new kind can only be made once the server has taken the kind in. */
async function established(
  { api, deadline }: Work,
  { path, wanted }: Item,
  ours: KubernetesObject,
): Promise<void> {
  const isEstablished = (object: KubernetesObject) =>
    listAt(object, 'status', 'conditions').some(
      ({ type, status }) => type === 'Established' && status === 'True',
    );
  const judge = (object: KubernetesObject) => ({
    done: isEstablished(object),
    failed: false,
    message: 'not established',
  });
  const timeout = Math.max(0, deadline - performance.now());
  const { end, message } = await waitFor(api, path, ours, judge, {
    timeout,
    signal: cancellation,
    onProgress: () => {},
  });
  if (end === 'done') return;
  throw new ActionError(
    `${nameOf(wanted)} was applied, but the cluster doesn't serve its kind: ${message}.`,
    {
      code: 'not-ready',
      hint: `look at its conditions: kubectl describe crd ${wanted.metadata.name}`,
    },
  );
}
