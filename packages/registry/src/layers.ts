import { ActionError } from '@gangway/action/error';
import { reach, schemeOf } from '@gangway/google-cloud';
import type { AuthClient } from 'google-auth-library';
import { MEDIA_TYPES } from './manifest.ts';

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
  const [host = '', ...path] = image.split('/');
  const base = `${schemeOf(host)}://${host}/v2/${path.join('/')}`;
  let manifest = await get<Manifest>(auth, `${base}/manifests/${digest}`);
  const { manifests = [] } = manifest;
  const chosen =
    manifests.find(({ platform }) => platform?.os === 'linux' && platform.architecture === 'amd64') ??
    manifests[0];
  if (chosen) manifest = await get<Manifest>(auth, `${base}/manifests/${chosen.digest}`);
  const { config, layers = [] } = manifest;
  const { history = [] } = config ? await get<Config>(auth, `${base}/blobs/${config.digest}`) : {};
  const instructions = history.filter(({ empty_layer: empty }) => !empty);
  return layers.map(({ digest: own, size }, index) => ({
    digest: own,
    size,
    instruction: instructions[index]?.created_by ?? '',
  }));
}

function get<T>(auth: AuthClient, url: string): Promise<T> {
  const ask = async () => {
    const response = await auth.request<string>({
      url,
      headers: { accept: [...MEDIA_TYPES, '*/*'].join(', ') },
      responseType: 'text',
      timeout: 30_000,
      retry: false,
      validateStatus: () => true,
    });
    if (response.status < 400) return JSON.parse(response.data) as T;
    const error = new ActionError(`The registry answered GET ${url} with ${response.status}.`, {
      code: 'registry',
    });
    // The retry policy reads the status off the answer.
    throw Object.assign(error, { response });
  };
  return reach(ask, `GET ${url}`, { deadline: 30_000 });
}
