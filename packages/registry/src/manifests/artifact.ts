import { fields, list, number, parseJson, text } from '@gangway/http';
import type { AuthClient } from 'google-auth-library';
import { askRegistry } from '../client/request.ts';
import { digestOf, getManifest, type HeldManifest, putManifest } from './held-manifest.ts';
import type { Referrer } from './referrers.ts';

/** A document that is kept beside an image. */
export interface Artifact {
  /** What it is, e.g. `application/vnd.example.v1`. */
  readonly type: string;
  readonly mediaType: string;
  readonly content: Buffer;
  readonly annotations?: Readonly<Record<string, string>>;
}

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const EMPTY = Buffer.from('{}');
/** A document up to this size lies in the manifest itself, so that one request brings it; manifests may have 4 MiB. */
const INLINE = 1024 * 1024;

/**
 * Keeps a document beside an image, which it refers to.
 *
 * @param tag by which it is found again; undefined keeps it by its digest, for who asks what refers to the image
 * @param subject the image's manifest
 * @returns what stands for it in the list of what refers to the image
 * @throws ActionError `registry`, `unreachable`
 * @see https://github.com/opencontainers/image-spec/blob/main/manifest.md#guidelines-for-artifact-usage
 */
export async function putArtifact(
  auth: AuthClient,
  image: string,
  tag: string | undefined,
  { type, mediaType, content, annotations }: Artifact,
  subject: HeldManifest,
): Promise<Referrer> {
  for (const blob of [EMPTY, content]) await putBlob(auth, image, blob);
  const manifest = {
    schemaVersion: 2,
    mediaType: MANIFEST,
    artifactType: type,
    config: descriptor('application/vnd.oci.empty.v1+json', EMPTY),
    layers: [descriptor(mediaType, content)],
    subject: { mediaType: subject.mediaType, digest: subject.digest, size: subject.bytes.length },
    ...(annotations && { annotations }),
  };
  const bytes = Buffer.from(JSON.stringify(manifest));
  const digest = digestOf(bytes);
  await putManifest(auth, image, tag ?? digest, { mediaType: MANIFEST, bytes });
  return {
    mediaType: MANIFEST,
    digest,
    size: bytes.length,
    artifactType: type,
    ...(annotations && { annotations }),
  };
}

/**
 * The document under a tag or a digest; undefined when there is none of this type, or not whole.
 *
 * @throws ActionError `registry`, `unreachable`
 */
export async function getArtifact(
  auth: AuthClient,
  image: string,
  tag: string,
  type: string,
): Promise<Artifact | undefined> {
  const held = await getManifest(auth, image, tag);
  if (!held) return undefined;
  const { artifactType, layers } = parseJson(held.bytes, `The manifest ${image}:${tag}`, ARTIFACT);
  const [layer] = layers ?? [];
  if (artifactType !== type || !layer) return undefined;
  const content = layer.data
    ? Buffer.from(layer.data, 'base64')
    : (await askRegistry(auth, { method: 'GET', image, path: `blobs/${layer.digest}` })).body;
  return digestOf(content) === layer.digest ? { type, mediaType: layer.mediaType, content } : undefined;
}

interface ArtifactManifest {
  readonly artifactType?: string;
  readonly layers?: readonly Descriptor[];
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  /** The content itself, in base64. */
  readonly data?: string;
}

const ARTIFACT = fields<ArtifactManifest>({
  artifactType: text,
  layers: list(
    fields<Descriptor>(
      { mediaType: text, digest: text, size: number, data: text },
      'mediaType',
      'digest',
      'size',
    ),
  ),
});

function descriptor(mediaType: string, content: Buffer): Descriptor {
  const inline = content.length <= INLINE && { data: content.toString('base64') };
  return { mediaType, digest: digestOf(content), size: content.length, ...inline };
}

/** @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#post-then-put */
export async function putBlob(auth: AuthClient, image: string, body: Buffer): Promise<void> {
  const { headers } = await askRegistry(auth, { method: 'POST', image, path: 'blobs/uploads/' });
  const location = headers.get('location') ?? '';
  const path = `${location}${location.includes('?') ? '&' : '?'}digest=${digestOf(body)}`;
  const type = { 'content-type': 'application/octet-stream' };
  await askRegistry(auth, { method: 'PUT', image, path, headers: type, body });
}
