import { type GoogleCloud, GoogleError, isGoogleError } from '@gangway/google-cloud';
import { fields, list, number, object, text } from '@gangway/http';

interface Binding {
  readonly role: string;
  readonly members?: readonly string[];
  readonly condition?: Readonly<Record<string, unknown>>;
}

interface Policy {
  readonly version?: number;
  readonly etag?: string;
  readonly bindings?: readonly Binding[];
}

export interface ReaderChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

const BINDING = fields<Binding>({ role: text, members: list(text), condition: object }, 'role');
const POLICY = fields<Policy>({ version: number, etag: text, bindings: list(BINDING) }, 'etag');
const PERMISSIONS = fields<{ permissions?: readonly string[] }>({ permissions: list(text) });
const READER = 'roles/artifactregistry.reader';
/** What pushing takes: manifests are read to see what a tag names. */
const NEEDED = [
  'artifactregistry.repositories.uploadArtifacts',
  'artifactregistry.repositories.downloadArtifacts',
];
/** What a push can do without. */
const DELETE_TAGS = 'artifactregistry.tags.delete';
/** How often a policy is read again that another run wrote in between. */
const TRIES = 4;

/** What the caller may do in a repository, besides pushing. */
export interface PushRights {
  /** False also where it can't be asked. */
  readonly deletesTags: boolean;
}

/**
 * Finds out before a build whether its image could be pushed.
 *
 * @param name of the repository, `projects/…/repositories/NAME`
 * @throws GoogleError that names the permission that is missing
 * @see https://cloud.google.com/artifact-registry/docs/reference/rest/v1/projects.locations.repositories/testIamPermissions
 */
export async function requirePush(cloud: GoogleCloud, name: string): Promise<PushRights> {
  const held = await permissions(cloud, name);
  const lacking = held && NEEDED.find((permission) => !held.includes(permission));
  if (!lacking) return { deletesTags: held?.includes(DELETE_TAGS) ?? false };
  const message = `Permission "${lacking}" denied on resource "${name}" (or it may not exist)`;
  throw new GoogleError(
    403,
    JSON.stringify({ error: { status: 'PERMISSION_DENIED', message } }),
    'Checked before the build',
  );
}

/**
 * Makes exactly these members readers of a repository. Conditional bindings and other roles stay.
 *
 * @param members IAM members
 */
export async function setReaders(
  cloud: GoogleCloud,
  name: string,
  members: readonly string[],
): Promise<ReaderChanges> {
  const path = `v1/${name}`;
  for (let attempt = 1; ; attempt++) {
    const policy = await cloud.request({
      service: 'artifactregistry',
      method: 'GET',
      path: `${path}:getIamPolicy`,
      query: { 'options.requestedPolicyVersion': '3' },
      answer: POLICY,
    });
    const { body, added, removed } = planned(policy, members);
    if (added.length === 0 && removed.length === 0) return { added, removed };
    try {
      await cloud.request({
        service: 'artifactregistry',
        method: 'POST',
        path: `${path}:setIamPolicy`,
        body,
        answer: object,
      });
      return { added, removed };
    } catch (error) {
      // The etag is stale: another run changed the policy meanwhile.
      if (!isGoogleError(error, 409) || attempt === TRIES) throw error;
    }
  }
}

function planned(policy: Policy, members: readonly string[]): ReaderChanges & { readonly body: unknown } {
  const isPlain = ({ role, condition }: Binding) => role === READER && condition === undefined;
  const bindings = policy.bindings ?? [];
  const current = new Set(bindings.filter(isPlain).flatMap(({ members: granted = [] }) => granted));
  const wanted = new Set(members);
  const plain = wanted.size > 0 ? [{ role: READER, members: [...wanted] }] : [];
  return {
    added: [...wanted.difference(current)],
    removed: [...current.difference(wanted)],
    body: { policy: { ...policy, bindings: [...bindings.filter((binding) => !isPlain(binding)), ...plain] } },
  };
}

/** Which of the needed permissions the caller has; undefined where that can't be asked. */
async function permissions(cloud: GoogleCloud, name: string): Promise<readonly string[] | undefined> {
  try {
    const { permissions: held = [] } = await cloud.request({
      service: 'artifactregistry',
      method: 'POST',
      path: `v1/${name}:testIamPermissions`,
      body: { permissions: [...NEEDED, DELETE_TAGS] },
      answer: PERMISSIONS,
    });
    return held;
  } catch (error) {
    // Whether it can be asked or not, the push itself tells the truth.
    if (error instanceof GoogleError) return undefined;
    throw error;
  }
}
