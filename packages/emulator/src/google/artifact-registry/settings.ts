import { ApiError } from '../../kernel/errors.ts';
import { labelsOf } from '../../kernel/resources/labels.ts';
import type { Repository } from './state.ts';

/** What a create or a patch may set on a repository. */
const MUTABLE = ['description', 'labels', 'dockerConfig', 'cleanupPolicies', 'cleanupPolicyDryRun'] as const;
const MOST_POLICIES = 10;
const TYPE = 'type.googleapis.com/google.devtools.artifactregistry.v1';

type Asked = Partial<Repository>;

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

function check({ labels, cleanupPolicies = {} }: Asked): void {
  if (labels) labelsOf({ labels });
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
  readonly action?: string;
  readonly condition?: Tree;
  readonly mostRecentVersions?: Tree;
}

/** https://cloud.google.com/artifact-registry/docs/reference/rest/v1/projects.locations.repositories#CleanupPolicy */
function checkPolicy(
  index: number,
  key: string,
  { id, action, condition, mostRecentVersions }: Policy,
): void {
  if (id !== key)
    throw new ApiError(
      'INVALID_ARGUMENT',
      `The id "${id ?? ''}" of a cleanup policy must be its key "${key}".`,
    );
  if (action !== 'DELETE' && action !== 'KEEP')
    throw new ApiError(
      'INVALID_ARGUMENT',
      `Invalid value at 'repository.cleanup_policies[${index}].value.action' (${TYPE}.CleanupPolicy.Action), ${JSON.stringify(action ?? '')}`,
    );
  if ((condition === undefined) === (mostRecentVersions === undefined))
    throw new ApiError(
      'INVALID_ARGUMENT',
      `Cleanup policy "${key}" must have either condition or most_recent_versions.`,
    );
  if (mostRecentVersions && action !== 'KEEP')
    throw new ApiError(
      'INVALID_ARGUMENT',
      `Cleanup policy "${key}": most_recent_versions may only be specified with a Keep action.`,
    );
}
