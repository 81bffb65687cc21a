import { fields, list, map, text } from '@gangway/http';
import type { AuthClient } from 'google-auth-library';
import { readRegistry } from '../client/request.ts';

interface Manifest {
  readonly config?: { readonly digest?: string };
  readonly manifests?: readonly { readonly digest?: string; readonly platform?: { readonly os?: string } }[];
}

const MANIFEST = fields<Manifest>({
  config: fields<NonNullable<Manifest['config']>>({ digest: text }),
  manifests: list(
    fields<NonNullable<Manifest['manifests']>[number]>({
      digest: text,
      platform: fields<{ os?: string }>({ os: text }),
    }),
  ),
});

interface Config {
  readonly config?: { readonly Labels?: Readonly<Record<string, string>> };
}

const CONFIG = fields<Config>({ config: fields<NonNullable<Config['config']>>({ Labels: map(text) }) });

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
  const manifest = await readRegistry(auth, image, `manifests/${digest}`, MANIFEST);
  // An index lists attestations as images of an unknown platform.
  const child = manifest.manifests?.find(({ platform }) => platform?.os !== 'unknown')?.digest;
  const { config } = child ? await readRegistry(auth, image, `manifests/${child}`, MANIFEST) : manifest;
  if (!config?.digest) return {};
  const { config: run } = await readRegistry(auth, image, `blobs/${config.digest}`, CONFIG);
  return run?.Labels ?? {};
}
