import { ActionError, cancellation, log } from '@gangway/action';
import {
  type Kubernetes,
  nameOf,
  rolloutStatus,
  undo,
  type Waited,
  waitFor,
  whyNotReady,
} from '@gangway/kubernetes';
import type { Rollout } from './carry-out.ts';
import { type Nodes, reasonHint } from './hint.ts';
import { progress } from './progress.ts';

interface Options {
  readonly api: Kubernetes;
  /** By `performance.now()`. */
  readonly deadline: number;
  readonly rollback: boolean;
  readonly nodes: Nodes;
}

/** Milliseconds that the previous pods get to be ready again. */
const BACK = 120_000;

/**
 * Waits until every workload has its pods, as `kubectl rollout status` does. Where one has not, those that this step changed get their
 * previous template back.
 *
 * @throws ActionError `rolled-back`, `not-ready`, `overtaken`
 */
export async function waitForRollouts(rollouts: readonly Rollout[], options: Options): Promise<void> {
  const { api, deadline } = options;
  for (const rollout of rollouts) {
    const { item, ours } = rollout;
    const waited = await waitFor(api, item.path, ours, rolloutStatus, {
      timeout: Math.max(0, deadline - performance.now()),
      signal: cancellation,
      onProgress: progress(api),
    });
    if (waited.end === 'done') log.info(waited.message);
    else throw await failure(rollout, waited, rollouts, options);
  }
}

async function failure(
  { item }: Rollout,
  { end, message, object }: Waited,
  rollouts: readonly Rollout[],
  { api, rollback, nodes }: Options,
): Promise<ActionError> {
  const name = nameOf(item.wanted);
  if (end === 'overtaken' || end === 'gone')
    return new ActionError(`${name} is no longer what this step deployed: ${message}.`, {
      code: 'overtaken',
      hint: 'find out what else deploys there; runs of one workflow need a "concurrency" group',
    });
  const { text, reasons } = await whyNotReady(api, object);
  const late = end === 'timeout' ? ', and the timeout has expired' : '';
  const said = `${message}${late}.${text ? `\n${text}` : ''}`;
  const hint = reasonHint(reasons, nodes);
  const changed = rollouts.filter(({ item: { change } }) => change !== 'unchanged');
  if (!rollback || changed.length === 0)
    return new ActionError(said, {
      code: 'not-ready',
      hint: `${hint}; ${changed.length === 0 ? 'this step changed no workload' : 'nothing was rolled back, because rollback is false'}`,
    });
  const lines = await goBack(api, changed);
  return new ActionError(`${said}\n${lines.join('\n')}`, { code: 'rolled-back', hint });
}

/** Gives every workload that this step changed its previous template back. Says of each how it went. */
async function goBack(api: Kubernetes, changed: readonly Rollout[]): Promise<string[]> {
  const lines: string[] = [];
  for (const { item, ours } of [...changed].reverse()) {
    const name = nameOf(item.wanted);
    try {
      lines.push(await goBackOne(api, { item, ours }, name));
    } catch (error) {
      cancellation.throwIfAborted();
      lines.push(`${name} could not be rolled back: ${error instanceof Error ? error.message : error}`);
    }
  }
  return lines;
}

async function goBackOne(api: Kubernetes, { item, ours }: Rollout, name: string): Promise<string> {
  if (!item.live) return `${name} stays as it is: this step created it, so there is nothing to go back to.`;
  const back = await undo(api, item.path, item.live, ours);
  if (!back) return `${name} was not rolled back: someone else has changed it since.`;
  const { end, message } = await waitFor(api, item.path, back, rolloutStatus, {
    timeout: BACK,
    signal: cancellation,
    onProgress: (told) => log.info(`Rolling back. ${told}`),
  });
  return end === 'done'
    ? `${name} was rolled back: it has its previous pod template again, and its pods are ready.`
    : `${name} was rolled back to its previous pod template, and its pods are not ready: ${message}.`;
}
