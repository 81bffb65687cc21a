import { ApiError } from '../../kernel/errors.ts';
import { labelsOf } from '../../kernel/resources/labels.ts';
import { fieldsToChange, putField } from '../../kernel/resources/mask.ts';
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
 * the request has.
 *
 * @throws ApiError INVALID_ARGUMENT
 */
export function applyPatch(resource: Repository, asked: Asked, mask: string | null): void {
  check(asked);
  const paths = fieldsToChange(mask, asked, MUTABLE);
  const deep = paths.find((path) => path.split('.').length > 2);
  if (deep)
    throw new ApiError(
      'INVALID_ARGUMENT',
      `Request contains an invalid argument: update_mask path "${deep}".`,
    );
  for (const path of paths) putField(asked, resource, path);
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
  readonly condition?: object;
  readonly mostRecentVersions?: object;
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
