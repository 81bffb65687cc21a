import { randomInt } from 'node:crypto';
import { timestamp } from '../../../kernel/clock.ts';
import { ApiError } from '../../../kernel/errors.ts';
import type { Context } from '../context.ts';
import { canonical } from '../v2/revise.ts';
import { condition, etag, uid } from '../v2/state.ts';
import type { StoredPool } from './state.ts';
import type { PoolTemplate } from './types.ts';

const LETTERS = 'bcdfghjklmnpqrstvwxz';

/**
 * Makes a revision of the pool's template and names it its latest.
 *
 * @throws ApiError when the template names a revision that exists
 */
export function revise({ resource, revisions }: StoredPool, cloud: Context): void {
  const { name, template, launchStage } = resource;
  const { revision: wanted, ...rest } = template;
  const pool = name.split('/').at(-1) ?? '';
  const id = wanted || nextId(pool, revisions.size);
  const full = `${name}/revisions/${id}`;
  if (revisions.has(full))
    throw new ApiError(
      'ALREADY_EXISTS',
      `Revision named '${id}' with different configuration already exists.`,
    );
  const now = cloud.clock.now();
  revisions.set(full, {
    ...{ name: full, uid: uid(), generation: '1' },
    ...structuredClone(rest),
    ...{ createTime: timestamp(now), updateTime: timestamp(now), launchStage },
    conditions: [condition('Ready', 'CONDITION_RECONCILING', now)],
    ...{ observedGeneration: '1', reconciling: true, etag: etag() },
    logUri: `https://console.cloud.google.com/logs/viewer?project=${cloud.project.id}&resource=cloud_run_worker_pool/worker_pool_name/${pool}/revision_name/${id}`,
  });
  resource.latestCreatedRevision = full;
}

/** Whether two templates would make the same revision. */
export function samePoolTemplate(a: PoolTemplate, b: PoolTemplate): boolean {
  return canonical({ ...a, revision: undefined }) === canonical({ ...b, revision: undefined });
}

function nextId(pool: string, count: number): string {
  const letters = Array.from({ length: 3 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  return `${pool}-${String(count + 1).padStart(5, '0')}-${letters}`;
}
