import { fields, flag, list, number, type Reader, text } from '@gangway/http';
import type { AuthClient } from 'google-auth-library';
import { readRegistry } from '../client/request.ts';

export interface Layer {
  readonly digest: string;
  /** Bytes as they are sent. */
  readonly size: number;
  /** The instruction that made it, as the image's history tells it; empty when it tells none. */
  readonly instruction: string;
}

interface Descriptor {
  readonly digest: string;
  readonly size: number;
  readonly platform?: { readonly os?: string; readonly architecture?: string };
}

interface Manifest {
  readonly manifests?: readonly Descriptor[];
  readonly config?: Descriptor;
  readonly layers?: readonly Descriptor[];
}

interface Config {
  readonly history?: readonly { readonly created_by?: string; readonly empty_layer?: boolean }[];
}

const DESCRIPTOR: Reader<Descriptor> = fields<Descriptor>(
  {
    digest: text,
    size: number,
    platform: fields<NonNullable<Descriptor['platform']>>({ os: text, architecture: text }),
  },
  'digest',
  'size',
);
const MANIFEST = fields<Manifest>({
  manifests: list(DESCRIPTOR),
  config: DESCRIPTOR,
  layers: list(DESCRIPTOR),
});
const STEP = fields<NonNullable<Config['history']>[number]>({ created_by: text, empty_layer: flag });
const CONFIG = fields<Config>({ history: list(STEP) });

/**
 * The layers of an image; of an index, those of its image for linux/amd64 or else the first.
 *
 * @param auth adds the access token
 * @param image as Docker writes it: `HOST/PATH`
 * @param digest of the manifest or index
 * @throws ActionError `registry` when the registry refuses, `unreachable` when it does not answer
 * @see https://github.com/opencontainers/image-spec/blob/main/manifest.md
 */
export async function imageLayers(auth: AuthClient, image: string, digest: string): Promise<Layer[]> {
  let manifest = await readRegistry(auth, image, `manifests/${digest}`, MANIFEST);
  const { manifests = [] } = manifest;
  const chosen =
    manifests.find(({ platform }) => platform?.os === 'linux' && platform.architecture === 'amd64') ??
    manifests[0];
  if (chosen) manifest = await readRegistry(auth, image, `manifests/${chosen.digest}`, MANIFEST);
  const { config, layers = [] } = manifest;
  const { history = [] } = config ? await readRegistry(auth, image, `blobs/${config.digest}`, CONFIG) : {};
  const instructions = history.filter(({ empty_layer: empty }) => !empty);
  return layers.map(({ digest: own, size }, index) => ({
    digest: own,
    size,
    instruction: instructions[index]?.created_by ?? '',
  }));
}
