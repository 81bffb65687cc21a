import { type GoogleCloud, GoogleError } from '@gangway/google-cloud';
import { fields, list, text } from '@gangway/http';

interface Binding {
  readonly role?: string;
  readonly members?: readonly string[];
}

const POLICY = fields<{ bindings?: readonly Binding[] }>({
  bindings: list(fields<Binding>({ role: text, members: list(text) })),
});
/** The predefined roles with artifactregistry.repositories.downloadArtifacts (https://cloud.google.com/artifact-registry/docs/access-control#roles). */
const READERS =
  /^roles\/(artifactregistry\.(reader|writer|repoAdmin|admin|createOnPushWriter|createOnPushRepoAdmin)|viewer|editor|owner|cloudbuild\.builds\.builder)$/;
/** What it may hold is not known without asking; groups and domains may have the account as a member. */
const UNCLEAR = /^(projects|organizations)\//;

/**
 * Finds out whether an account may pull from a repository, by the policies of the repository and its project.
 *
 * @param name of the repository, `projects/PROJECT/locations/LOCATION/repositories/NAME`
 * @param email of the service account
 * @returns undefined where that can't be told: a policy may not be read, a custom role or a group could let it
 */
export async function mayRead(cloud: GoogleCloud, name: string, email: string): Promise<boolean | undefined> {
  const project = /^projects\/([^/]+)/.exec(name)?.[1] ?? '';
  const policies = [
    () =>
      cloud.request({
        service: 'artifactregistry',
        method: 'GET',
        path: `v1/${name}:getIamPolicy`,
        query: { 'options.requestedPolicyVersion': '3' },
        answer: POLICY,
      }),
    () =>
      cloud.request({
        service: 'cloudresourcemanager',
        method: 'POST',
        path: `v1/projects/${project}:getIamPolicy`,
        body: {},
        answer: POLICY,
      }),
  ];
  let unclear = false;
  for (const read of policies) {
    const bindings = await bindingsOf(read);
    const found = bindings && lets(bindings, `serviceAccount:${email}`);
    if (found === true) return true;
    unclear ||= found === undefined;
  }
  return unclear ? undefined : false;
}

async function bindingsOf(
  read: () => Promise<{ bindings?: readonly Binding[] }>,
): Promise<readonly Binding[] | undefined> {
  try {
    return (await read()).bindings ?? [];
  } catch (error) {
    // Who deploys need not be allowed to read policies: the machine itself tells whether the pull works.
    if (error instanceof GoogleError) return undefined;
    throw error;
  }
}

function lets(bindings: readonly Binding[], member: string): boolean | undefined {
  const to = (binding: Binding) =>
    binding.members?.some((one) => [member, 'allUsers', 'allAuthenticatedUsers'].includes(one));
  if (bindings.some((binding) => READERS.test(binding.role ?? '') && to(binding))) return true;
  const isUnclear = ({ role = '', members = [] }: Binding) =>
    (UNCLEAR.test(role) && members.includes(member)) ||
    (READERS.test(role) && members.some((one) => /^(group|domain|principalSet):/.test(one)));
  return bindings.some(isUnclear) ? undefined : false;
}
