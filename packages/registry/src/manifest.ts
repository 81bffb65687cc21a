import { ActionError } from '@gangway/action/error';
import { reach, schemeOf } from '@gangway/google-cloud';
import type { AuthClient } from 'google-auth-library';

/** The kinds of manifests that images and indexes come in. */
export const MEDIA_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];

const REPOSITORY = /\/([a-z0-9-]+)-docker\.pkg\.dev\/(?:v2\/)?([^/]+)\/([^/]+)\//;

/**
 * The digest that a tag or digest of an image names in its registry, or undefined if it is not there.
 *
 * @param auth adds the access token, which Artifact Registry takes as a bearer too
 * @param image as Docker writes it: `HOST/PATH`
 * @param reference tag or digest
 * @throws ActionError `registry` when the registry refuses, `unreachable` when it does not answer
 * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#checking-if-content-exists-in-the-registry
 */
export function manifestDigest(
  auth: AuthClient,
  image: string,
  reference: string,
): Promise<string | undefined> {
  const [host = '', ...path] = image.split('/');
  const url = `${schemeOf(host)}://${host}/v2/${path.join('/')}/manifests/${reference}`;
  const ask = async () => {
    const response = await auth.request({
      url,
      method: 'HEAD',
      headers: { accept: MEDIA_TYPES.join(', ') },
      timeout: 30_000,
      retry: false,
      validateStatus: () => true,
    });
    if (response.status === 404) return undefined;
    // The retry policy reads the status off the answer.
    if (response.status >= 400) throw Object.assign(refused(url, response.status), { response });
    return response.headers.get('docker-content-digest') ?? undefined;
  };
  return reach(ask, `HEAD ${url}`, { deadline: 30_000 });
}

/** The answer to a HEAD has no body that would name the permission. */
function refused(url: string, status: number): ActionError {
  const said = `The registry answered HEAD ${url} with ${status}`;
  if (status !== 401 && status !== 403)
    return new ActionError(`${said}.`, {
      code: 'registry',
      hint: 'run the job again; if it stays so, look at status.cloud.google.com',
    });
  const [, location, project, repository] = REPOSITORY.exec(url) ?? [];
  const on = repository
    ? ` on resource "projects/${project}/locations/${location}/repositories/${repository}"`
    : '';
  return new ActionError(
    `${said}, which needs the permission "artifactregistry.repositories.downloadArtifacts"${on}.`,
    {
      code: 'registry',
      hint: 'grant the account that deploys a role that reads the repository, such as roles/artifactregistry.reader',
    },
  );
}
