import { createHash } from 'node:crypto';
import { ActionError } from '@gangway/action/error';
import { fields, LIMITS, list, number, parseJson, text, unexpected } from '@gangway/http';
import { MEDIA_TYPES } from '../manifests/media-types.ts';
import { copyBlob, type Descriptor, type Place, scopeOf } from './copy-blob.ts';

export type { Place } from './copy-blob.ts';

export interface CopyResult {
  /** Blobs that were sent, linked within the registry, and there already. */
  readonly copied: number;
  readonly mounted: number;
  readonly there: number;
  /** Bytes of those that were sent. */
  readonly bytes: number;
}

interface Manifest {
  readonly digest: string;
  readonly mediaType: string;
  /** As they came: the digest is that of these bytes. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly children: readonly Manifest[];
  readonly blobs: readonly Descriptor[];
}

interface ManifestJson {
  readonly mediaType?: string;
  readonly manifests?: readonly Descriptor[];
  readonly config?: Descriptor;
  readonly layers?: readonly (Descriptor & { readonly urls?: readonly string[] })[];
}

const DESCRIPTOR = { mediaType: text, digest: text, size: number };
const CHILD = fields<Descriptor>(DESCRIPTOR, 'digest', 'size');
const MANIFEST = fields<ManifestJson>({
  mediaType: text,
  manifests: list(CHILD),
  config: CHILD,
  layers: list(
    fields<Descriptor & { readonly urls?: readonly string[] }>(
      { ...DESCRIPTOR, urls: list(text) },
      'digest',
      'size',
    ),
  ),
});
/** How deep an index may hold indexes. */
const DEEPEST = 5;
/** Blobs in flight at once. */
const PARALLEL = 4;

/**
 * Copies an image, or an index with all its images and attestations, from one registry to another, without an engine.
 * What is there is not sent again; manifests are kept byte for byte, so that digests stay what they are.
 *
 * @param digest of the image in the source
 * @param tag under which the target keeps it from being collected
 * @throws ActionError `image-missing`, `registry`, `unreachable`
 * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md
 */
export async function copyImage(
  source: Place,
  target: Place,
  digest: string,
  tag: string,
  signal?: AbortSignal,
): Promise<CopyResult> {
  const result = { copied: 0, mounted: 0, there: 0, bytes: 0 };
  if ((await digestAt(target, tag)) === digest) return result;
  const root = await readManifest(source, digest);
  const blobs = new Map(flatten(root).flatMap(({ blobs: own }) => own.map((blob) => [blob.digest, blob])));
  await inParallel([...blobs.values()], async (blob) => {
    const how = await copyBlob(source, target, blob, signal);
    result[how] += 1;
    if (how === 'copied') result.bytes += blob.size;
  });
  // Children first: a registry takes no index of what it does not have.
  for (const manifest of flatten(root))
    await putManifest(target, manifest, manifest === root ? tag : manifest.digest);
  return result;
}

/**
 * Names an image that is in a repository by a further tag.
 *
 * @throws ActionError `image-missing`, `registry`, `unreachable`
 */
export async function tagImage(place: Place, digest: string, tag: string): Promise<void> {
  const manifest = await fetchManifest(place, digest);
  await putManifest(place, manifest, tag);
}

/**
 * The digests that stand for an image: its own in front and, of an index, those of the images and attestations in it.
 *
 * @param reference a digest or a tag
 * @throws ActionError `image-missing`, `registry`, `unreachable`
 */
export async function digestsOf(place: Place, reference: string): Promise<[string, ...string[]]> {
  const { bytes, digest } = await fetchManifest(place, reference);
  const { manifests = [] } = parseJson(
    bytes,
    `The manifest ${place.registry.host}/${place.repository}@${digest}`,
    MANIFEST,
  );
  return [digest, ...manifests.map((child) => child.digest)];
}

/**
 * The digest that a tag or digest stands for, or undefined if it is not there.
 *
 * @param options `retry: false` asks once
 * @throws ActionError `registry`, `unreachable`
 */
export async function digestAt(
  { registry, repository }: Place,
  reference: string,
  options: { readonly retry?: boolean } = {},
): Promise<string | undefined> {
  const response = await registry.request({
    ...options,
    method: 'HEAD',
    url: `/v2/${repository}/manifests/${reference}`,
    scope: `repository:${repository}:pull`,
    headers: { accept: MEDIA_TYPES.join(', ') },
    accept: [200, 404],
  });
  return response.status === 200 ? (response.headers.get('docker-content-digest') ?? undefined) : undefined;
}

/** A manifest and what it is made of, children in front of it. */
function flatten(manifest: Manifest): Manifest[] {
  return [...manifest.children.flatMap(flatten), manifest];
}

async function fetchManifest(
  source: Place,
  reference: string,
): Promise<Pick<Manifest, 'bytes' | 'mediaType' | 'digest'>> {
  const isTag = !reference.includes(':');
  const response = await source.registry.request({
    method: 'GET',
    url: `/v2/${source.repository}/manifests/${reference}`,
    scope: scopeOf(source, 'pull'),
    headers: { accept: MEDIA_TYPES.join(', ') },
    accept: [200, 404],
    limit: LIMITS.manifest,
  });
  if (response.status === 404) {
    response.discard();
    throw new ActionError(
      `${source.registry.host}/${source.repository}${isTag ? ':' : '@'}${reference} is not in the registry.`,
      {
        code: 'image-missing',
        hint: 'build and push it first',
      },
    );
  }
  const bytes = new Uint8Array(await response.bytes());
  const found = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  if (!isTag && found !== reference) {
    throw new ActionError(`The manifest ${reference} arrived as one of ${found}.`, {
      code: 'registry',
      hint: 'run the job again; if it persists, something on the way changes what the registry answers',
    });
  }
  return { bytes, digest: found, mediaType: response.headers.get('content-type') ?? '' };
}

async function readManifest(source: Place, digest: string, depth = 0): Promise<Manifest> {
  if (depth > DEEPEST)
    throw unexpected(`The index ${digest}`, `its indexes are nested more than ${DEEPEST} deep`);
  const { bytes, mediaType: type } = await fetchManifest(source, digest);
  const what = `The manifest ${source.registry.host}/${source.repository}@${digest}`;
  const { mediaType, manifests, config, layers } = parseJson(bytes, what, MANIFEST);
  const children: Manifest[] = [];
  for (const child of manifests ?? []) children.push(await readManifest(source, child.digest, depth + 1));
  return {
    digest,
    mediaType: mediaType ?? type,
    bytes,
    children,
    // Layers that name where they come from may not be given away (image-spec, "Non-Distributable Layers").
    blobs: [...(config ? [config] : []), ...(layers ?? [])].filter(
      (blob) => !('urls' in blob && Array.isArray(blob.urls) && blob.urls.length > 0),
    ),
  };
}

async function putManifest(
  target: Place,
  { bytes, mediaType, digest }: Pick<Manifest, 'bytes' | 'mediaType' | 'digest'>,
  reference: string,
): Promise<void> {
  const response = await target.registry.request({
    method: 'PUT',
    url: `/v2/${target.repository}/manifests/${reference}`,
    scope: scopeOf(target, 'pull,push'),
    headers: { 'content-type': mediaType },
    body: bytes,
  });
  const stored = response.headers.get('docker-content-digest');
  if (stored && stored !== digest) {
    throw new ActionError(`The registry stored the manifest ${digest} as ${stored}.`, {
      code: 'registry',
      hint: 'run the job again; if it persists, report it to the registry',
    });
  }
}

/** Runs the work on all items, a few at once; the first failure stops it. */
async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values();
  let failed = false;
  const worker = async () => {
    for (const item of waiting) {
      if (failed) return;
      await work(item).catch((error: unknown) => {
        failed = true;
        throw error;
      });
    }
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL, items.length) }, worker));
}
