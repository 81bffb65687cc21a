import type { GoogleCloud } from '@gangway/google-cloud';
import { fields, flag, map, object, type Reader, text } from '@gangway/http';
import { type CleanupPolicies, sameCleanupPolicies } from './cleanup-policy.ts';

/** How a repository shall be; undefined leaves it as it is. */
export interface RepositorySettings {
  /** Set on the repository; its other labels stay. */
  readonly labels: Readonly<Record<string, string>>;
  readonly immutableTags: boolean | undefined;
  /** All of its cleanup policies. */
  readonly cleanupPolicies: CleanupPolicies | undefined;
  /** Whether Google only notes what it would delete. */
  readonly cleanupDryRun: boolean | undefined;
}

/** The same of a repository that is there. */
export interface StoredSettings {
  readonly labels?: Readonly<Record<string, string>>;
  readonly dockerConfig?: { readonly immutableTags?: boolean };
  readonly cleanupPolicies?: CleanupPolicies;
  readonly cleanupPolicyDryRun?: boolean;
}

/** How the settings of a repository are read. */
export const STORED = {
  labels: map(text),
  dockerConfig: fields<NonNullable<StoredSettings['dockerConfig']>>({ immutableTags: flag }),
  cleanupPolicies: map(object) as unknown as Reader<CleanupPolicies>,
  cleanupPolicyDryRun: flag,
};

/** The body of a new repository, as far as settings decide it. */
export function initialSettings(settings: RepositorySettings): StoredSettings {
  return Object.assign({}, ...changesOf({}, settings).map(({ body }) => body));
}

/**
 * Brings a repository's settings in step, in one request, and none where all is up to date.
 *
 * @param name full resource name
 * @returns what was changed, in words
 */
export async function applySettings(
  cloud: GoogleCloud,
  name: string,
  standing: StoredSettings,
  settings: RepositorySettings,
): Promise<string[]> {
  const changes = changesOf(standing, settings);
  if (changes.length === 0) return [];
  await cloud.request({
    service: 'artifactregistry',
    method: 'PATCH',
    path: `v1/${name}`,
    query: { updateMask: changes.map(({ field }) => field).join(',') },
    body: Object.assign({ name }, ...changes.map(({ body }) => body)),
    answer: object,
  });
  return changes.map(({ words }) => words);
}

interface Change {
  /** Of the update mask. */
  readonly field: string;
  readonly body: StoredSettings;
  readonly words: string;
}

function changesOf(standing: StoredSettings, settings: RepositorySettings): Change[] {
  const { labels, immutableTags, cleanupPolicies, cleanupDryRun } = settings;
  const { labels: had = {}, dockerConfig = {}, cleanupPolicies: hadPolicies = {} } = standing;
  const changes: Change[] = [];
  const newLabels = Object.entries(labels).filter(([name, value]) => had[name] !== value);
  if (newLabels.length > 0) {
    const words = `labels ${newLabels.map(([name, value]) => `${name}=${value}`).join(', ')}`;
    changes.push({ field: 'labels', body: { labels: { ...had, ...labels } }, words });
  }
  if (immutableTags !== undefined && immutableTags !== (dockerConfig.immutableTags ?? false)) {
    const words = immutableTags ? 'tags are immutable' : 'tags may be moved';
    changes.push({ field: 'dockerConfig.immutableTags', body: { dockerConfig: { immutableTags } }, words });
  }
  if (cleanupPolicies && !sameCleanupPolicies(cleanupPolicies, hadPolicies)) {
    const words = `cleanup policies ${Object.keys(cleanupPolicies).join(', ') || 'none'}`;
    changes.push({ field: 'cleanupPolicies', body: { cleanupPolicies }, words });
  }
  if (cleanupDryRun !== undefined && cleanupDryRun !== (standing.cleanupPolicyDryRun ?? false)) {
    const words = cleanupDryRun ? 'cleanup only logs what it would delete' : 'cleanup deletes';
    changes.push({ field: 'cleanupPolicyDryRun', body: { cleanupPolicyDryRun: cleanupDryRun }, words });
  }
  return changes;
}
