import { fields, LIMITS, list, map, parseJson, type Reader, text } from '@gangway/http';
import { type Place, scopeOf } from '../copy/copy-blob.ts';
import { MEDIA_TYPES } from './media-types.ts';

interface Platform {
  readonly os?: string;
  readonly architecture?: string;
  readonly variant?: string;
}

interface Manifest {
  readonly config?: { readonly digest?: string };
  readonly manifests?: readonly { readonly digest: string; readonly platform?: Platform }[];
}

const MANIFEST = fields<Manifest>({
  config: fields<NonNullable<Manifest['config']>>({ digest: text }),
  manifests: list(
    fields<NonNullable<Manifest['manifests']>[number]>(
      { digest: text, platform: fields<Platform>({ os: text, architecture: text, variant: text }) },
      'digest',
    ),
  ),
});

interface Config {
  readonly config?: {
    readonly OnBuild?: readonly string[];
    readonly Labels?: Readonly<Record<string, string>>;
  };
}

const CONFIG = fields<Config>({
  config: fields<NonNullable<Config['config']>>({ OnBuild: list(text), Labels: map(text) }),
});

/** What an image's configuration says. */
export interface ImageConfig {
  /** The ONBUILD instructions: what a build does first that starts from it. */
  readonly onBuild: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * The configuration of an image in any registry, empty where there is none for the platform.
 *
 * @param reference a tag or digest
 * @param platform the image of an index to look at, e.g. `linux/amd64`
 * @throws ActionError `registry` also where it is not there, `unreachable`
 * @see https://github.com/moby/docker-image-spec/blob/main/spec.md
 */
export async function imageConfig(place: Place, reference: string, platform: string): Promise<ImageConfig> {
  const none = { onBuild: [], labels: {} };
  let manifest = await read(place, `manifests/${reference}`, MANIFEST);
  if (manifest.manifests) {
    const [os, architecture, variant] = platform.split('/');
    const fits = manifest.manifests.filter(
      ({ platform: of }) => of?.os === os && of?.architecture === architecture,
    );
    const chosen = fits.find(({ platform: of }) => of?.variant === variant) ?? fits[0];
    // The builder says that there is none for the platform.
    if (!chosen) return none;
    manifest = await read(place, `manifests/${chosen.digest}`, MANIFEST);
  }
  if (!manifest.config?.digest) return none;
  const { config } = await read(place, `blobs/${manifest.config.digest}`, CONFIG);
  return { onBuild: config?.OnBuild ?? [], labels: config?.Labels ?? {} };
}

async function read<T>({ registry, repository }: Place, path: string, reader: Reader<T>): Promise<T> {
  const response = await registry.request({
    method: 'GET',
    url: `/v2/${repository}/${path}`,
    scope: scopeOf({ registry, repository }, 'pull'),
    headers: { accept: [...MEDIA_TYPES, '*/*'].join(', ') },
    limit: LIMITS.manifest,
    retry: false,
  });
  return parseJson(Buffer.from(await response.bytes()), `${registry.host}/${repository}/${path}`, reader);
}
