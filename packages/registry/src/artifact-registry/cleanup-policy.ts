/** A cleanup policy as the API has it (https://cloud.google.com/artifact-registry/docs/reference/rest/v1/projects.locations.repositories#CleanupPolicy). */
interface CleanupPolicy {
  readonly id: string;
  readonly action: 'DELETE' | 'KEEP';
  readonly condition?: Readonly<Record<string, string | readonly string[]>>;
  readonly mostRecentVersions?: {
    readonly keepCount?: number;
    readonly packageNamePrefixes?: readonly string[];
  };
}

/** The policies of a repository by their names. */
export type CleanupPolicies = Readonly<Record<string, CleanupPolicy>>;

/** A policy file that Google would not take; the message says what to write. */
export class CleanupPolicyError extends Error {}

/** As many as a repository may have (https://cloud.google.com/artifact-registry/docs/repositories/cleanup-policy). */
const MOST = 10;
const PREFIXES = ['tagPrefixes', 'versionNamePrefixes', 'packageNamePrefixes'];
const AGES = ['olderThan', 'newerThan'];
const SECONDS = { w: 604_800, d: 86_400, h: 3600, m: 60, s: 1 } as const;

/**
 * Reads policies in the format of `gcloud artifacts repositories set-cleanup-policies --policy`: a list of objects with
 * `name`, `action` and either `condition` or `mostRecentVersions`. No policies at all are `[]`.
 *
 * @throws CleanupPolicyError
 * @see https://cloud.google.com/artifact-registry/docs/repositories/cleanup-policy#create
 */
export function readCleanupPolicies(text: string): CleanupPolicies {
  const list = parse(text);
  if (!Array.isArray(list))
    throw new CleanupPolicyError('write a list of policies, [{"name": …, "action": …}, …]');
  if (list.length > MOST)
    throw new CleanupPolicyError(`keep to ${MOST} policies, as many as a repository may have`);
  const policies = new Map<string, CleanupPolicy>();
  for (const [index, item] of list.entries()) {
    const policy = readPolicy(item, `policy ${index + 1}`);
    if (policies.has(policy.id))
      throw new CleanupPolicyError(`two policies are called "${policy.id}"; rename one`);
    policies.set(policy.id, policy);
  }
  return Object.fromEntries(policies);
}

/** Whether a repository has these policies already, however Google writes them down. */
export function sameCleanupPolicies(one: CleanupPolicies, other: CleanupPolicies): boolean {
  return canonical(one) === canonical(other);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CleanupPolicyError(`it is not JSON: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  }
}

function readPolicy(item: unknown, which: string): CleanupPolicy {
  const policy = fields(item, which, ['name', 'action', 'condition', 'mostRecentVersions']);
  if (typeof policy.name !== 'string' || policy.name === '')
    throw new CleanupPolicyError(`give ${which} a "name"`);
  const what = `policy "${policy.name}"`;
  const action = actionOf(policy.action, what);
  const { condition, mostRecentVersions } = policy;
  if ((condition === undefined) === (mostRecentVersions === undefined))
    throw new CleanupPolicyError(`give ${what} either "condition" or "mostRecentVersions"`);
  if (condition !== undefined) return { id: policy.name, action, condition: conditionOf(condition, what) };
  if (action === 'DELETE')
    throw new CleanupPolicyError(
      `"mostRecentVersions" of ${what} goes with "action": {"type": "Keep"} alone`,
    );
  return { id: policy.name, action, mostRecentVersions: recentOf(mostRecentVersions, what) };
}

function actionOf(action: unknown, what: string): CleanupPolicy['action'] {
  // The API's own spelling is a bare word.
  const type = String(
    typeof action === 'string' ? action : fields(action, `"action" of ${what}`, ['type']).type,
  );
  const name = type.toUpperCase();
  if (name === 'DELETE' || name === 'KEEP') return name;
  throw new CleanupPolicyError(`write "action": {"type": "Delete"} or {"type": "Keep"} in ${what}`);
}

function conditionOf(condition: unknown, what: string): NonNullable<CleanupPolicy['condition']> {
  const given = fields(condition, `"condition" of ${what}`, ['tagState', ...AGES, ...PREFIXES]);
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      if (name === 'tagState') return [name, tagState(value, what)];
      if (AGES.includes(name)) return [name, `${secondsOf(value, `"${name}" of ${what}`)}s`];
      return [name, texts(value, `"${name}" of ${what}`)];
    }),
  );
}

function recentOf(value: unknown, what: string): NonNullable<CleanupPolicy['mostRecentVersions']> {
  const { keepCount, packageNamePrefixes } = fields(value, `"mostRecentVersions" of ${what}`, [
    'keepCount',
    'packageNamePrefixes',
  ]);
  if (!Number.isInteger(keepCount) || Number(keepCount) < 1)
    throw new CleanupPolicyError(`write "keepCount" of ${what} as a whole number from 1`);
  const prefixes =
    packageNamePrefixes === undefined ? {} : { packageNamePrefixes: texts(packageNamePrefixes, what) };
  return { keepCount: Number(keepCount), ...prefixes };
}

function tagState(value: unknown, what: string): string {
  const state = String(value).toUpperCase();
  if (['TAGGED', 'UNTAGGED', 'ANY'].includes(state)) return state;
  throw new CleanupPolicyError(`write "tagState" of ${what} as tagged, untagged or any`);
}

/** Seconds of `30d`, `1d12h`, `2592000s` or, as ISO 8601 has it, `P30D`. */
function secondsOf(value: unknown, what: string): number {
  const [, w, d, h, m, s] =
    /^P?(?:(\d+)W)?(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?$/i.exec(String(value)) ?? [];
  const amounts = [w, d, h, m, s];
  if (amounts.every((amount) => amount === undefined))
    throw new CleanupPolicyError(`write ${what} as a time such as 30d, 12h or 2592000s`);
  return Object.values(SECONDS).reduce(
    (sum, seconds, index) => sum + Number(amounts[index] ?? 0) * seconds,
    0,
  );
}

function texts(value: unknown, what: string): string[] {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw new CleanupPolicyError(`write ${what} as a list of texts`);
}

function fields(value: unknown, what: string, known: readonly string[]): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new CleanupPolicyError(`write ${what} as an object with ${known.join(', ')}`);
  const unknown = Object.keys(value).find((name) => !known.includes(name));
  if (unknown) throw new CleanupPolicyError(`${what} has ${known.join(', ')}, not "${unknown}"`);
  return value as Record<string, unknown>;
}

/** A tag state of any is what a policy without one has. */
function canonical(policies: CleanupPolicies): string {
  const sorted = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    const entries = Object.entries(value).filter(
      ([name, inner]) => !(name === 'tagState' && /^(ANY|TAG_STATE_UNSPECIFIED)$/.test(String(inner))),
    );
    return Object.fromEntries(
      entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, inner]) => [name, sorted(inner)]),
    );
  };
  return JSON.stringify(sorted(policies));
}
