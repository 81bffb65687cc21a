import type { AuthClient } from 'google-auth-library';
import { readJson } from './request.ts';

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
  const manifest = await readJson<Manifest>(auth, image, `manifests/${digest}`);
  // An index lists attestations as images of an unknown platform.
  const child = manifest.manifests?.find(({ platform }) => platform?.os !== 'unknown')?.digest;
  const { config } = child ? await readJson<Manifest>(auth, image, `manifests/${child}`) : manifest;
  if (!config?.digest) return {};
  const { config: run } = await readJson<{ config?: { Labels?: Record<string, string> | null } }>(
    auth,
    image,
    `blobs/${config.digest}`,
  );
  return run?.Labels ?? {};
}
