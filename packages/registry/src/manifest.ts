import { ActionError } from '@gangway/action/error';
import { isTransientStatus, retry, schemeOf } from '@gangway/google-cloud';
import type { AuthClient } from 'google-auth-library';

const MEDIA_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];

/**
 * The digest that a tag or digest of an image names in its registry, or undefined if it is not there.
 *
 * @param auth adds the access token, which Artifact Registry takes as a bearer too
 * @param image as Docker writes it: `HOST/PATH`
 * @param reference tag or digest
 * @throws Error when the registry does not answer
 * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#checking-if-content-exists-in-the-registry
 */
export function manifestDigest(
  auth: AuthClient,
  image: string,
  reference: string,
): Promise<string | undefined> {
  const [host = '', ...path] = image.split('/');
  const url = `${schemeOf(host)}://${host}/v2/${path.join('/')}/manifests/${reference}`;
  return retry(
    async () => {
      const response = await auth.request({
        url,
        method: 'HEAD',
        headers: { accept: MEDIA_TYPES.join(', ') },
        timeout: 30_000,
        retry: false,
        validateStatus: () => true,
      });
      if (response.status === 404) return undefined;
      if (response.status >= 400)
        throw Object.assign(new Error(`HEAD ${url}: ${response.status}`), { status: response.status });
      return response.headers.get('docker-content-digest') ?? undefined;
    },
    (error) => {
      const { status } = error as { status?: number };
      // What the credentials could not mend by themselves, another question doesn't either.
      const transient = status === undefined ? !(error instanceof ActionError) : isTransientStatus(status);
      return { transient, error };
    },
    { deadline: 30_000 },
  );
}
