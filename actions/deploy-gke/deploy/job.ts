import { setTimeout as sleep } from 'node:timers/promises';
import { ActionError, cancellation, log } from '@gangway/action';
import {
  apply,
  jobStatus,
  type Kubernetes,
  type KubernetesObject,
  look,
  nameOf,
  waitFor,
  whyNotReady,
} from '@gangway/kubernetes';
import type { Item } from '../plan/item.ts';
import { DELETED } from './deleted.ts';
import { progress } from './progress.ts';
import type { Work } from './work.ts';

/**
 * Runs a Job to its end. One that an earlier run made of the same manifest is not run again once it has succeeded; while it runs it is
 * waited for.
 *
 * @returns whether it was run
 * @throws ActionError `job-failed` with the reasons and the last lines of its log, `timeout`
 */
export async function runJob({ api, force, deadline }: Work, item: Item): Promise<boolean> {
  const { live, wanted, path } = item;
  const name = nameOf(wanted);
  const before = item.change === 'unchanged' && live ? jobStatus(live) : undefined;
  if (before?.done) {
    log.info(`${name} has already run.`);
    return false;
  }
  const isRunning = before !== undefined && !before.failed;
  if (!isRunning && live) await remove(api, path, live, deadline);
  const ours = isRunning && live ? live : await apply(api, item, { dryRun: false, force });
  log.info(isRunning ? `${name} is already running; waiting for it.` : `${name} is running.`);
  const { end, message, object } = await waitFor(api, path, ours, jobStatus, {
    timeout: Math.max(0, deadline - performance.now()),
    signal: cancellation,
    onProgress: progress(api),
  });
  if (end === 'done') {
    log.info(`${name} has completed.`);
    return !isRunning;
  }
  const { text } = await whyNotReady(api, object);
  throw new ActionError(`${message}${end === 'timeout' ? ', and the timeout has expired' : ''}.\n${text}`, {
    code: end === 'timeout' ? 'timeout' : 'job-failed',
    hint: 'fix what the lines above show, and run the job again; nothing that runs pods was changed',
  });
}

/** Deletes a Job with its pods, and waits until it is gone. */
async function remove(
  api: Kubernetes,
  path: string,
  live: KubernetesObject,
  deadline: number,
): Promise<void> {
  await api.request({
    method: 'DELETE',
    path,
    body: { propagationPolicy: 'Background', preconditions: { uid: live.metadata.uid } },
    answer: DELETED,
  });
  while ((await look(api, path))?.metadata.uid === live.metadata.uid) {
    if (performance.now() > deadline)
      throw new ActionError(`${nameOf(live)} was deleted, but still exists.`, {
        code: 'timeout',
        hint: 'look at its finalizers: kubectl get job NAME -o yaml',
      });
    await sleep(500, undefined, { signal: cancellation });
  }
}
