import {
  type GoogleCloud,
  grantsRole,
  POLICY,
  projectBindings,
  readableBindings,
} from '@gangway/google-cloud';

/** The predefined roles with artifactregistry.repositories.downloadArtifacts (https://cloud.google.com/artifact-registry/docs/access-control#roles). */
const READERS =
  /^roles\/(artifactregistry\.(reader|writer|repoAdmin|admin|createOnPushWriter|createOnPushRepoAdmin)|viewer|editor|owner|cloudbuild\.builds\.builder)$/;

/**
 * Finds out whether an account may pull from a repository, by the policies of the repository and its project.
 *
 * @param name of the repository, `projects/PROJECT/locations/LOCATION/repositories/NAME`
 * @param email of the service account
 * @returns undefined where that can't be told: a policy may not be read, a custom role or a group could let it
 */
export async function mayRead(cloud: GoogleCloud, name: string, email: string): Promise<boolean | undefined> {
  const project = /^projects\/([^/]+)/.exec(name)?.[1] ?? '';
  const own = () =>
    readableBindings(() =>
      cloud.request({
        service: 'artifactregistry',
        method: 'GET',
        path: `v1/${name}:getIamPolicy`,
        query: { 'options.requestedPolicyVersion': '3' },
        answer: POLICY,
      }),
    );
  let unclear = false;
  for (const read of [own, () => projectBindings(cloud, project)]) {
    const bindings = await read();
    const found = bindings && grantsRole(bindings, READERS, email);
    if (found === true) return true;
    unclear ||= found === undefined;
  }
  return unclear ? undefined : false;
}
