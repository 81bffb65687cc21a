import { setTimeout as sleep } from 'node:timers/promises';
import type { Kubernetes } from '../api/client.ts';
import { isSame } from '../apply/applied.ts';
import { look } from '../apply/apply.ts';
import { at, type KubernetesObject } from '../objects/object.ts';
import type { RolloutStatus } from './status.ts';

export interface WaitOptions {
  /** Milliseconds. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
  /** Told of each new word of the status, and every 15 s that it is still the same. */
  readonly onProgress: (message: string, elapsed: number, object: KubernetesObject) => Promise<void> | void;
}

/** How a wait ended. */
export interface Waited {
  /** `overtaken`: somebody else has changed the template since; `gone`: somebody has deleted the object. */
  readonly end: 'done' | 'failed' | 'timeout' | 'overtaken' | 'gone';
  readonly message: string;
  /** As it was last. */
  readonly object: KubernetesObject;
}

const FIRST_POLL = 500;
const LAST_POLL = 2000;
const PROGRESS_EVERY = 15_000;

/**
 * Asks for an object until its status says that it is done: after 0.5 s first, then at growing intervals of 2 s at most.
 *
 * @param ours the object as this run left it: another template is another's
 * @param judge what its status says
 * @throws KubernetesError
 */
export async function waitFor(
  cluster: Kubernetes,
  path: string,
  ours: KubernetesObject,
  judge: (object: KubernetesObject) => RolloutStatus,
  { timeout, signal, onProgress }: WaitOptions,
): Promise<Waited> {
  const start = performance.now();
  let object = ours;
  let told = { message: '', at: start };
  for (let delay = FIRST_POLL; ; delay = Math.min(delay * 1.5, LAST_POLL)) {
    const now = await look(cluster, path);
    if (!now || now.metadata.uid !== ours.metadata.uid)
      return { end: 'gone', message: 'it no longer exists', object };
    object = now;
    if (!isSame(templateOf(now), templateOf(ours)))
      return { end: 'overtaken', message: `its template was changed by ${lastManager(now)}`, object };
    const status = judge(now);
    const { message } = status;
    if (status.done) return { end: 'done', message, object };
    if (status.failed) return { end: 'failed', message, object };
    const elapsed = performance.now() - start;
    if (elapsed > timeout) return { end: 'timeout', message, object };
    if (message !== told.message || performance.now() - told.at >= PROGRESS_EVERY) {
      told = { message, at: performance.now() };
      await onProgress(message, elapsed, now);
    }
    await sleep(delay, undefined, { signal });
  }
}

export function templateOf(object: KubernetesObject): unknown {
  return at(object, 'spec', 'template');
}

function lastManager({ metadata }: KubernetesObject): string {
  const fields = metadata.managedFields ?? [];
  const [last] = fields
    .filter(({ manager }) => manager !== undefined && manager !== 'kube-controller-manager')
    .sort((one, other) => ((one.time ?? '') < (other.time ?? '') ? 1 : -1));
  return last ? `"${last.manager}" at ${last.time}` : 'someone else';
}
