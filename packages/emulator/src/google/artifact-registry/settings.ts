import { ApiError } from '../../kernel/errors.ts';
import { type Call, json } from '../../kernel/http/call.ts';
import { labelsOf } from '../../kernel/resources/labels.ts';
import type { Repository } from './state.ts';

/** What a create or a patch may set on a repository. */
const MUTABLE = ['description', 'labels', 'dockerConfig', 'cleanupPolicies', 'cleanupPolicyDryRun'] as const;
const MOST_POLICIES = 10;
const DURATION = /^\d+(\.\d{1,9})?s$/;
const PREFIXES = ['tagPrefixes', 'versionNamePrefixes', 'packageNamePrefixes'];
const TYPE = 'type.googleapis.com/google.devtools.artifactregistry.v1';

type Asked = Partial<Repository>;

/**
 * The repository that a request holds. Google's front end reads the names of enums in any case, and gcloud sends those
 * of clean-up policies as its policy file has them: `Delete`, `any`. Durations come out in their shortest form.
 */
export function askedOf(call: Call): Asked {
  const asked = json<Asked>(call);
  for (const policy of Object.values(asked.cleanupPolicies ?? {}) as Policy[]) {
    if (policy.action) policy.action = policy.action.toUpperCase();
    const { condition = {} } = policy;
    if (condition.tagState) condition.tagState = String(condition.tagState).toUpperCase();
    for (const age of ['olderThan', 'newerThan'])
      if (DURATION.test(String(condition[age])))
        condition[age] = `${Number.parseFloat(String(condition[age]))}s`;
  }
  return asked;
}

/**
 * The settings of a new repository.
 * @throws ApiError INVALID_ARGUMENT
 */
export function initialSettings(asked: Asked): Asked {
  check(asked);
  return Object.fromEntries(
    MUTABLE.flatMap((field) => (asked[field] === undefined ? [] : [[field, asked[field]]])),
  );
}

/**
 * Applies a patch: the fields that the mask names, those that the request has not being cleared; without a mask those that
 * the request has (https://google.aip.dev/134). Masks name fields as protocol buffers do, or as JSON does.
 *
 * @throws ApiError INVALID_ARGUMENT
 */
export function applyPatch(resource: Repository, asked: Asked, mask: string | null): void {
  check(asked);
  const paths =
    mask && mask !== '*'
      ? mask.split(',').map(camel)
      : MUTABLE.filter((field) => mask === '*' || field in asked);
  for (const path of paths) {
    const [field = '', ...rest] = path.split('.');
    if (!(MUTABLE as readonly string[]).includes(field) || rest.length > 1)
      throw new ApiError(
        'INVALID_ARGUMENT',
        `Request contains an invalid argument: update_mask path "${path}".`,
      );
  }
  for (const path of paths) copy(asked as Tree, resource as unknown as Tree, path.split('.'));
}

type Tree = Record<string, unknown>;

function copy(from: Tree, to: Tree, [field = '', ...rest]: readonly string[]): void {
  if (rest.length > 0) {
    const inner = { ...(to[field] as Tree | undefined) };
    copy((from[field] as Tree | undefined) ?? {}, inner, rest);
    to[field] = inner;
  } else if (from[field] === undefined) delete to[field];
  else to[field] = from[field];
}

function camel(path: string): string {
  return path.trim().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function check({ labels, dockerConfig, cleanupPolicies = {}, cleanupPolicyDryRun }: Asked): void {
  if (labels) labelsOf({ labels });
  for (const [field, flag] of [
    ['docker_config.immutable_tags', dockerConfig?.immutableTags],
    ['cleanup_policy_dry_run', cleanupPolicyDryRun],
  ] as const) {
    if (flag !== undefined && typeof flag !== 'boolean') throw invalidValue(field, 'TYPE_BOOL', flag);
  }
  const policies = Object.entries(cleanupPolicies);
  if (policies.length > MOST_POLICIES)
    throw new ApiError(
      'INVALID_ARGUMENT',
      `A repository can have at most ${MOST_POLICIES} cleanup policies.`,
    );
  for (const [index, [key, policy]] of policies.entries()) checkPolicy(index, key, policy as Policy);
}

interface Policy {
  readonly id?: string;
  action?: string;
  readonly condition?: Tree;
  readonly mostRecentVersions?: { readonly keepCount?: number; readonly packageNamePrefixes?: unknown };
}

/** https://cloud.google.com/artifact-registry/docs/reference/rest/v1/projects.locations.repositories#CleanupPolicy */
function checkPolicy(
  index: number,
  key: string,
  { id, action, condition, mostRecentVersions, ...others }: Policy,
): void {
  const at = `repository.cleanup_policies[${index}].value`;
  const [unknown] = Object.keys(others);
  if (unknown) throw unknownName(unknown, at);
  if (id !== key)
    throw new ApiError(
      'INVALID_ARGUMENT',
      `The id "${id ?? ''}" of a cleanup policy must be its key "${key}".`,
    );
  if (action !== 'DELETE' && action !== 'KEEP')
    throw invalidValue(`${at}.action`, `${TYPE}.CleanupPolicy.Action`, action);
  if ((condition === undefined) === (mostRecentVersions === undefined))
    throw new ApiError(
      'INVALID_ARGUMENT',
      `Cleanup policy "${key}" must have either condition or most_recent_versions.`,
    );
  if (mostRecentVersions) {
    if (action !== 'KEEP')
      throw new ApiError(
        'INVALID_ARGUMENT',
        `Cleanup policy "${key}": most_recent_versions may only be specified with a Keep action.`,
      );
    const { keepCount } = mostRecentVersions;
    if (keepCount !== undefined && !Number.isInteger(keepCount))
      throw invalidValue(`${at}.most_recent_versions.keep_count`, 'TYPE_INT32', keepCount);
  }
  for (const [field, value] of Object.entries(condition ?? {}))
    checkCondition(`${at}.condition`, field, value);
}

function checkCondition(at: string, field: string, value: unknown): void {
  if (field === 'tagState') {
    if (!['TAG_STATE_UNSPECIFIED', 'TAGGED', 'UNTAGGED', 'ANY'].includes(String(value)))
      throw invalidValue(`${at}.tag_state`, `${TYPE}.CleanupPolicyCondition.TagState`, value);
  } else if (field === 'olderThan' || field === 'newerThan') {
    if (!DURATION.test(String(value)))
      throw invalidValue(`${at}.${field}`, 'type.googleapis.com/google.protobuf.Duration', value);
  } else if (!PREFIXES.includes(field)) throw unknownName(field, at);
  else if (!Array.isArray(value)) throw unknownName(field, at);
}

/** How Google's front end refuses a JSON value that the field's type has not. */
function invalidValue(at: string, type: string, value: unknown): ApiError {
  return new ApiError(
    'INVALID_ARGUMENT',
    `Invalid value at '${at}' (${type}), ${JSON.stringify(value ?? '')}`,
  );
}

function unknownName(name: string, at: string): ApiError {
  return new ApiError(
    'INVALID_ARGUMENT',
    `Invalid JSON payload received. Unknown name "${name}" at '${at}': Cannot find field.`,
  );
}
