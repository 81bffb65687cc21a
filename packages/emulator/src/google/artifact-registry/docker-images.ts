import { timestamp } from '../../kernel/clock.ts';
import type { Call, Reply } from '../../kernel/http/call.ts';
import { page } from '../../kernel/resources/page.ts';
import { type Image, type StoredManifest, sizeOf, tagsOf } from '../../oci/index.ts';
import type { Context } from './context.ts';
import { missing, repositoryOf } from './repositories.ts';
import type { StoredRepository } from './state.ts';

/** GET …/dockerImages (https://cloud.google.com/artifact-registry/docs/reference/rest/v1/projects.locations.repositories.dockerImages). */
export function listDockerImages(call: Call, cloud: Context): Reply {
  const stored = repositoryOf(call, cloud);
  const all = stored.images
    .list()
    .flatMap((image) => [...image.manifests.values()].map((manifest) => present(stored, image, manifest)));
  const { items, nextPageToken } = page(call, all, 1000);
  return { body: { dockerImages: items, ...(nextPageToken && { nextPageToken }) } };
}

/** GET …/dockerImages/IMAGE@DIGEST; also IMAGE:TAG, as the real one takes it. */
export function getDockerImage(call: Call, cloud: Context): Reply {
  const stored = repositoryOf(call, cloud);
  const [, name = '', reference = ''] =
    /^([^@:]+)[@:](.+)$/.exec(decodeURIComponent(call.params.image ?? '')) ?? [];
  const image = stored.images.get(name);
  const manifest = stored.images.resolve(name, reference);
  if (!image || !manifest) throw missing();
  return { body: present(stored, image, manifest) };
}

/** What a manifest says of itself, which versions show as untyped metadata. */
export function imageMetadata(image: Image, manifest: StoredManifest): Record<string, string> {
  return {
    imageSizeBytes: String(sizeOf(manifest, image)),
    mediaType: manifest.mediaType,
    ...(manifest.buildTime && { buildTime: manifest.buildTime }),
    ...(manifest.artifactType && { artifactType: manifest.artifactType }),
  };
}

function present(
  { resource }: StoredRepository,
  image: Image,
  manifest: StoredManifest,
): Record<string, unknown> {
  const [, project, , location, , repository] = resource.name.split('/');
  const { digest, uploaded, updated } = manifest;
  const tags = tagsOf(image, digest);
  return {
    name: `${resource.name}/dockerImages/${encodeURIComponent(image.name)}@${digest}`,
    uri: `${location}-docker.pkg.dev/${project}/${repository}/${image.name}@${digest}`,
    ...(tags.length > 0 && { tags }),
    ...imageMetadata(image, manifest),
    uploadTime: timestamp(uploaded),
    updateTime: timestamp(updated),
  };
}
