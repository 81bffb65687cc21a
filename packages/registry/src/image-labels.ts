import { ActionError } from '@gangway/action/error';
import { reach, schemeOf } from '@gangway/google-cloud';
import type { AuthClient } from 'google-auth-library';
import { MEDIA_TYPES } from './manifest.ts';

interface Manifest {
  readonly config?: { readonly digest?: string };
  readonly manifests?: readonly { readonly digest?: string; readonly platform?: { readonly os?: string } }[];
}

/**
 * The labels of an image that is in the registry; of an index, those of its first image.
 *
 * @param auth adds the access token
 * @param image as Docker writes it: `HOST/PATH`
 * @throws ActionError `registry` when the registry refuses, `unreachable` when it does not answer
 * @see https://github.com/opencontainers/image-spec/blob/main/config.md
 */
export async function imageLabels(
  auth: AuthClient,
  image: string,
  digest: string,
): Promise<Readonly<Record<string, string>>> {
  const manifest = await get<Manifest>(auth, image, `manifests/${digest}`);
  // An index lists attestations as images of an unknown platform.
  const child = manifest.manifests?.find(({ platform }) => platform?.os !== 'unknown')?.digest;
  const { config } = child ? await get<Manifest>(auth, image, `manifests/${child}`) : manifest;
  if (!config?.digest) return {};
  const { config: run } = await get<{ config?: { Labels?: Record<string, string> | null } }>(
    auth,
    image,
    `blobs/${config.digest}`,
  );
  return run?.Labels ?? {};
}

function get<T>(auth: AuthClient, image: string, what: string): Promise<T> {
  const [host = '', ...path] = image.split('/');
  const url = `${schemeOf(host)}://${host}/v2/${path.join('/')}/${what}`;
  const ask = async () => {
    const response = await auth.request<string>({
      url,
      headers: { accept: [...MEDIA_TYPES, '*/*'].join(', ') },
      responseType: 'text',
      timeout: 30_000,
      retry: false,
      validateStatus: () => true,
    });
    if (response.status < 400) return JSON.parse(String(response.data)) as T;
    const error = new ActionError(`The registry answered GET ${url} with ${response.status}.`, {
      code: 'registry',
      hint: 'run the job again; if it stays so, check that the account that deploys has roles/artifactregistry.reader',
    });
    // The retry policy reads the status off the answer.
    throw Object.assign(error, { response });
  };
  return reach(ask, `GET ${url}`, { deadline: 60_000 });
}
