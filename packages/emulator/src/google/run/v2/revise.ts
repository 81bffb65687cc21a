import { randomInt } from 'node:crypto';
import { timestamp } from '../../../kernel/clock.ts';
import { ApiError } from '../../../kernel/errors.ts';
import type { Context } from '../context.ts';
import { condition, etag, type StoredService, uid } from './state.ts';
import type { Revision, Template } from './types.ts';

const LETTERS = 'bcdfghjklmnpqrstvwxz';

/**
 * Makes a revision of the service's template and names it its latest.
 * @throws ApiError when the template names a revision that exists and is another
 */
export function revise(stored: StoredService, cloud: Context): Revision {
  const { name, template, launchStage } = stored.resource;
  const { revision: wanted, ...rest } = template;
  const id = wanted || nextId(stored);
  const revisionName = `${name}/revisions/${id}`;
  if (stored.revisions.has(revisionName)) {
    throw new ApiError(
      'ALREADY_EXISTS',
      `Revision named '${id}' with different configuration already exists.`,
    );
  }
  const now = cloud.clock.now();
  const revision: Revision = {
    name: revisionName,
    uid: uid(),
    generation: '1',
    ...structuredClone(rest),
    createTime: timestamp(now),
    updateTime: timestamp(now),
    launchStage,
    service: name.split('/').at(-1) ?? '',
    conditions: [condition('Ready', 'CONDITION_RECONCILING', now)],
    observedGeneration: '1',
    reconciling: true,
    logUri: logUriOf(cloud, name.split('/').at(-1) ?? '', id),
    etag: etag(),
  };
  stored.revisions.set(revisionName, revision);
  stored.resource.latestCreatedRevision = revisionName;
  return revision;
}

/** Where the console shows what a revision wrote. */
function logUriOf({ project }: Context, service: string, revision: string): string {
  const path = `resource=cloud_run_revision/service_name/${service}/revision_name/${revision}`;
  const filter = `resource.type="cloud_run_revision"\nresource.labels.service_name="${service}"\nresource.labels.revision_name="${revision}"`;
  return `https://console.cloud.google.com/logs/viewer?project=${project.id}&${path}&advancedFilter=${encodeURIComponent(filter)}`;
}

/** Whether two templates would make the same revision. */
export function sameTemplate(a: Template, b: Template): boolean {
  return canonical({ ...a, revision: undefined }) === canonical({ ...b, revision: undefined });
}

/** SERVICE-00001-abc, counting the revisions there have been. */
function nextId({ resource, revisions }: StoredService): string {
  const suffix = Array.from({ length: 3 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  return `${resource.name.split('/').at(-1)}-${String(revisions.size + 1).padStart(5, '0')}-${suffix}`;
}

/** JSON with sorted keys, without what is empty. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (inner === null || typeof inner !== 'object' || Array.isArray(inner)) return inner;
    const entries = Object.entries(inner).filter(
      ([, member]) => JSON.stringify(member) !== '{}' && JSON.stringify(member) !== '[]',
    );
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
