import { existsSync } from 'node:fs';
import { input, invalid, readTextFile } from '@gangway/action';
import { LIMITS } from '@gangway/files';
import { CleanupPolicyError, type RepositorySettings, readCleanupPolicies } from '@gangway/registry';

export interface RepositoryInputs {
  readonly repository: RepositorySettings & {
    /** Whether to create it when it is missing. */
    readonly create: boolean;
    /** IAM members that may pull; undefined leaves them as they are. */
    readonly readers: readonly string[] | undefined;
  };
}

// Google's rules of labels (https://cloud.google.com/resource-manager/docs/labels-overview).
const LABEL = /^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u;
const LABEL_VALUE = /^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u;
const MEMBER =
  /^(allUsers|allAuthenticatedUsers|(user|group|domain|serviceAccount|principal|principalSet):\S+)$/;

/** @throws ActionError naming the input that can't be used */
export function readRepositoryInputs(): RepositoryInputs {
  return {
    repository: {
      create: input.boolean('create_repository'),
      labels: readLabels(),
      immutableTags:
        input.optional('immutable_tags') === undefined ? undefined : input.boolean('immutable_tags'),
      cleanupPolicies: readPolicies(),
      cleanupDryRun:
        input.optional('cleanup_dry_run') === undefined ? undefined : input.boolean('cleanup_dry_run'),
      readers: readReaders(),
    },
  };
}

function readLabels(): Record<string, string> {
  const labels = input.pairList('repository_labels') ?? {};
  for (const [name, value] of Object.entries(labels)) {
    if (!LABEL.test(name) || !LABEL_VALUE.test(value)) {
      throw invalid(
        'repository_labels',
        `${name}=${value}`,
        'use lower-case letters, digits, dashes and underscores, 63 at most in a name and a value, and start a name with a letter',
      );
    }
  }
  return labels;
}

/** The text of a policy file, or its path. */
function readPolicies(): RepositorySettings['cleanupPolicies'] {
  const value = input.optional('cleanup_policies');
  if (value === undefined) return undefined;
  const inline = /^\s*[[{]/.test(value);
  if (!inline && !existsSync(value)) {
    throw invalid(
      'cleanup_policies',
      value,
      'name a file of the workspace, or write the JSON itself, which begins with [',
    );
  }
  const text = inline
    ? value
    : readTextFile(value, { input: 'cleanup_policies' }, { limit: LIMITS.settings });
  try {
    return readCleanupPolicies(text);
  } catch (error) {
    if (error instanceof CleanupPolicyError) throw invalid('cleanup_policies', value, error.message);
    throw error;
  }
}

function readReaders(): string[] | undefined {
  const listed = input.list('readers');
  if (listed.length === 1 && listed[0] === 'none') return [];
  const members = listed.map((member) =>
    /^[^:\s]+@\S+\.gserviceaccount\.com$/.test(member) ? `serviceAccount:${member}` : member,
  );
  for (const member of members) {
    if (!MEMBER.test(member)) {
      throw invalid(
        'readers',
        member,
        'write the email address of a service account, NAME@PROJECT.iam.gserviceaccount.com, or an IAM member such as group:NAME@DOMAIN; none alone takes the role from all',
      );
    }
  }
  return members.length > 0 ? [...new Set(members)] : undefined;
}
