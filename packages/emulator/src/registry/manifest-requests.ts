import { buffer } from 'node:stream/consumers';
import type { Call, Reply } from '../kernel/http/call.ts';
import type { StoredManifest } from '../oci/index.ts';
import {
  digestOf,
  isDigest,
  type Manifest,
  parentOf,
  parseManifest,
  RegistryError,
  tagsOf,
} from '../oci/index.ts';
import { bearerOf, enter, type Granted } from './access.ts';
import type { Context } from './context.ts';

/** Bytes a manifest may have: what the distribution specification asks a registry to take at least. */
export const MANIFEST_LIMIT = 4 * 1024 * 1024;
const TAG = /^\w[\w.-]{0,127}$/;

/** PUT /v2/NAME/manifests/REFERENCE. */
export async function putManifest(call: Call, cloud: Context): Promise<Reply> {
  const target = enter(call, cloud, 'push');
  const reference = call.params.reference ?? '';
  const tag = reference.includes(':') ? undefined : reference;
  if (tag === undefined && digestOf(call.body) !== reference) {
    throw new RegistryError('DIGEST_INVALID', 'provided digest did not match uploaded content');
  }
  if (tag !== undefined && !TAG.test(tag))
    throw new RegistryError('TAG_INVALID', `Invalid tag name "${tag}"`);
  const manifest = parseManifest(call.body, call.headers['content-type']);
  if (tag !== undefined) mayTag(call, cloud, target, tag, manifest.digest);
  const buildTime = await buildTimeOf(manifest, cloud, target);
  target.images.put(target.image, manifest, { now: cloud.clock.now(), buildTime, tag });
  return {
    status: 201,
    headers: {
      location: `/v2/${target.name}/manifests/${manifest.digest}`,
      'docker-content-digest': manifest.digest,
      ...(manifest.subject && { 'oci-subject': manifest.subject }),
    },
  };
}

/** GET and HEAD /v2/NAME/manifests/REFERENCE. */
export function getManifest(call: Call, cloud: Context): Reply {
  const { manifest } = manifestOf(call, cloud, 'pull');
  const { mediaType, digest, bytes } = manifest;
  return {
    headers: {
      'content-type': mediaType,
      'content-length': String(bytes.length),
      'docker-content-digest': digest,
      etag: `"${digest}"`,
    },
    body: bytes,
  };
}

/**
 * DELETE /v2/NAME/manifests/REFERENCE: the tag alone, or the manifest of a digest. Artifact Registry wants its tags and what refers to it
 * gone before it (https://github.com/GoogleCloudPlatform/gcr-cleaner/issues/118).
 */
export function deleteManifest(call: Call, cloud: Context): Reply {
  const { target, reference } = manifestOf(call, cloud, 'delete');
  const { images, immutableTags } = target;
  const tags = images.get(target.image)?.tags;
  const touched = [...(tags ?? [])].filter(([tag, digest]) => tag === reference || digest === reference);
  if (immutableTags && touched[0]) throw new RegistryError('DENIED', immutable(touched[0][0]));
  if (isDigest(reference) && target.keepsReferenced) refuseReferenced(target, reference);
  if (isDigest(reference)) images.remove(target.image, reference);
  else tags?.delete(reference);
  return { status: 202 };
}

/** @throws RegistryError in Artifact Registry's words */
function refuseReferenced({ images, image: name }: Granted, digest: string): void {
  const image = images.get(name);
  const [tag] = image ? tagsOf(image, digest) : [];
  if (tag !== undefined)
    throw new RegistryError('GOOGLE_MANIFEST_DANGLING_TAG', `Manifest is still referenced by tag: ${tag}`);
  const parent = image && parentOf(image, digest);
  if (parent)
    throw new RegistryError(
      'GOOGLE_MANIFEST_DANGLING_PARENT_IMAGE',
      `Manifest is still referenced by one or more parent images: ${parent.digest}`,
    );
}

function manifestOf(
  call: Call,
  cloud: Context,
  action: 'pull' | 'delete',
): { target: Granted; reference: string; manifest: StoredManifest } {
  const target = enter(call, cloud, action);
  const reference = call.params.reference ?? '';
  const manifest = target.images.resolve(target.image, reference);
  if (!manifest) throw new RegistryError('MANIFEST_UNKNOWN', `Failed to fetch "${reference}"`);
  return { target, reference, manifest };
}

/** @throws RegistryError DENIED without the permission to make, or to move, a tag, and where tags don't move */
function mayTag(call: Call, cloud: Context, target: Granted, tag: string, digest: string): void {
  const { images, image, immutableTags } = target;
  const tagged = images.get(image)?.tags.get(tag);
  if (tagged === digest) return;
  if (immutableTags && tagged) throw new RegistryError('MANIFEST_INVALID', immutable(tag));
  target.demand(bearerOf(call, cloud), tagged ? 'retag' : 'tag');
}

/** Docker shows it as `manifest invalid: cannot update tag …` (https://cloud.google.com/artifact-registry/docs/docker/troubleshoot#push). */
function immutable(tag: string): string {
  return `cannot update tag ${tag}. The repository has enabled tag immutability`;
}

/** The `created` of the image's configuration, which Artifact Registry shows as the image's build time. */
async function buildTimeOf(
  { config }: Manifest,
  cloud: Context,
  target: Granted,
): Promise<string | undefined> {
  if (!config || !target.images.blobs.has(config.digest) || config.size > MANIFEST_LIMIT) return undefined;
  try {
    const { created } = JSON.parse((await buffer(cloud.blobs.read(config.digest))).toString('utf8')) as {
      created?: unknown;
    };
    return typeof created === 'string' ? created : undefined;
  } catch {
    // The configuration of an artifact that is no image may be anything.
    return undefined;
  }
}
