import { timestamp } from '../../kernel/clock.ts';
import { ApiError } from '../../kernel/errors.ts';
import { type Call, json, type Reply } from '../../kernel/http/call.ts';
import { page } from '../../kernel/resources/page.ts';
import { type Image, parentOf, type StoredManifest, tagsOf } from '../../oci/index.ts';
import type { Context } from './context.ts';
import { imageMetadata } from './docker-images.ts';
import { emptyOperation, missing, repositoryOf } from './repositories.ts';
import type { StoredRepository } from './state.ts';

interface Package {
  readonly repository: StoredRepository;
  readonly image: Image;
  /** Full resource name, slashes of the image escaped. */
  readonly name: string;
}

export function listPackages(call: Call, cloud: Context): Reply {
  const repository = repositoryOf(call, cloud);
  const { items, nextPageToken } = page(call, repository.images.list(), 1000);
  const packages = items.map((image) => presentPackage(packageFrom(repository, image)));
  return { body: { packages, ...(nextPageToken && { nextPageToken }) } };
}

export function getPackage(call: Call, cloud: Context): Reply {
  return { body: presentPackage(packageOf(call, cloud)) };
}

export function deletePackage(call: Call, cloud: Context): Reply {
  const { repository, image } = packageOf(call, cloud);
  refuseImmutable(repository, image.tags.size > 0);
  repository.images.removeImage(image.name);
  return { body: emptyOperation(call, cloud) };
}

/** GET …/versions; `view=FULL` adds the tags of each. */
export function listVersions(call: Call, cloud: Context): Reply {
  const found = packageOf(call, cloud);
  const { items, nextPageToken } = page(call, [...found.image.manifests.values()], 1000);
  const full = call.query.get('view') === 'FULL';
  return {
    body: {
      versions: items.map((manifest) => presentVersion(found, manifest, full)),
      ...(nextPageToken && { nextPageToken }),
    },
  };
}

export function getVersion(call: Call, cloud: Context): Reply {
  const found = packageOf(call, cloud);
  return { body: presentVersion(found, manifestOf(call, found), call.query.get('view') === 'FULL') };
}

/** POST …/versions:batchDelete of some versions, all or none. */
export function deleteVersions(call: Call, cloud: Context): Reply {
  const { names = [], validateOnly = false } = json<{ names?: string[]; validateOnly?: boolean }>(call);
  const found = packageOf(call, cloud);
  const digests = names.map((name) => {
    const version = decodeURIComponent(name.split('/versions/')[1] ?? '');
    const manifest = found.repository.images.resolve(found.image.name, version);
    if (!manifest) throw missing();
    refuseImmutable(found.repository, tagsOf(found.image, manifest.digest).length > 0);
    return manifest.digest;
  });
  if (!validateOnly) for (const digest of digests) found.repository.images.remove(found.image.name, digest);
  return { body: emptyOperation(call, cloud) };
}

/** DELETE of a version; one with tags needs `force`. */
export function deleteVersion(call: Call, cloud: Context): Reply {
  const found = packageOf(call, cloud);
  const { digest } = manifestOf(call, found);
  const tagged = tagsOf(found.image, digest).length > 0;
  refuseChild(found.image, digest);
  if (tagged && call.query.get('force') !== 'true') {
    throw new ApiError(
      'FAILED_PRECONDITION',
      `Failed to delete version ${found.name}/versions/${digest}: it has tags. Set force to delete the tags as well.`,
    );
  }
  refuseImmutable(found.repository, tagged);
  found.repository.images.remove(found.image.name, digest);
  return { body: emptyOperation(call, cloud) };
}

/** GET …/tags, all or those that `filter=version="NAME"` asks for. */
export function listTags(call: Call, cloud: Context): Reply {
  const found = packageOf(call, cloud);
  const version = /^version="(.+)"$/.exec(call.query.get('filter') ?? '')?.[1];
  const all = [...found.image.tags.keys()].sort().map((tag) => presentTag(found, tag));
  const { items, nextPageToken } = page(
    call,
    version ? all.filter((tag) => tag.version === version) : all,
    1000,
  );
  return { body: { tags: items, ...(nextPageToken && { nextPageToken }) } };
}

export function getTag(call: Call, cloud: Context): Reply {
  const found = packageOf(call, cloud);
  const { tag = '' } = call.params;
  if (!found.image.tags.has(tag)) throw missing();
  return { body: presentTag(found, tag) };
}

/** POST …/tags?tagId=TAG with the version it shall stand for. */
export function createTag(call: Call, cloud: Context): Reply {
  const found = packageOf(call, cloud);
  const tag = call.query.get('tagId') ?? '';
  const digest = json<{ version?: string }>(call).version?.split('/versions/')[1] ?? '';
  if (found.image.tags.has(tag)) throw new ApiError('ALREADY_EXISTS', 'Requested entity already exists');
  const manifest = found.image.manifests.get(digest);
  if (!manifest) throw missing();
  found.image.tags.set(tag, digest);
  manifest.updated = cloud.clock.now();
  return { body: presentTag(found, tag) };
}

/** PATCH of a tag: the version that it shall stand for. */
export function updateTag(call: Call, cloud: Context): Reply {
  const found = packageOf(call, cloud);
  const { tag = '' } = call.params;
  const digest = json<{ version?: string }>(call).version?.split('/versions/')[1] ?? '';
  const manifest = found.image.manifests.get(digest);
  if (!found.image.tags.has(tag) || !manifest) throw missing();
  refuseImmutable(found.repository, found.image.tags.get(tag) !== digest);
  found.image.tags.set(tag, digest);
  manifest.updated = cloud.clock.now();
  return { body: presentTag(found, tag) };
}

export function deleteTag(call: Call, cloud: Context): Reply {
  const { repository, image } = packageOf(call, cloud);
  const { tag = '' } = call.params;
  if (!image.tags.has(tag)) throw missing();
  refuseImmutable(repository, true);
  image.tags.delete(tag);
  return { body: {} };
}

/** In the words of Artifact Registry's own registry (https://github.com/GoogleCloudPlatform/gcr-cleaner/issues/118). */
function refuseChild(image: Image, digest: string): void {
  const parent = parentOf(image, digest);
  if (parent)
    throw new ApiError(
      'FAILED_PRECONDITION',
      `Manifest ${digest} is still referenced by one or more parent images: ${parent.digest}`,
    );
}

function refuseImmutable({ resource }: StoredRepository, tagged: boolean): void {
  if (!tagged || !resource.dockerConfig?.immutableTags) return;
  throw new ApiError('FAILED_PRECONDITION', `The repository ${resource.name} has enabled tag immutability`);
}

function packageOf(call: Call, cloud: Context): Package {
  const repository = repositoryOf(call, cloud);
  // The slashes of an image are escaped in the resource name itself, so gcloud sends them escaped twice.
  const image = repository.images.get(decodeURIComponent(call.params.package ?? ''));
  if (!image) throw missing();
  return packageFrom(repository, image);
}

function packageFrom(repository: StoredRepository, image: Image): Package {
  return {
    repository,
    image,
    name: `${repository.resource.name}/packages/${encodeURIComponent(image.name)}`,
  };
}

function manifestOf(call: Call, { repository, image }: Package): StoredManifest {
  const manifest = repository.images.resolve(image.name, call.params.version ?? '');
  if (!manifest) throw missing();
  return manifest;
}

function presentPackage({ image, name }: Package): Record<string, unknown> {
  const updated = Math.max(
    image.created,
    ...[...image.manifests.values()].map((manifest) => manifest.updated),
  );
  return { name, createTime: timestamp(image.created), updateTime: timestamp(updated) };
}

function presentVersion(found: Package, manifest: StoredManifest, full: boolean): Record<string, unknown> {
  const tags = full ? tagsOf(found.image, manifest.digest) : [];
  const name = `${found.name}/versions/${manifest.digest}`;
  return {
    name,
    createTime: timestamp(manifest.uploaded),
    updateTime: timestamp(manifest.updated),
    ...(tags.length > 0 && { relatedTags: tags.map((tag) => presentTag(found, tag)) }),
    metadata: {
      name: `${found.repository.resource.name}/dockerImages/${encodeURIComponent(found.image.name)}@${manifest.digest}`,
      ...imageMetadata(found.image, manifest),
    },
  };
}

function presentTag({ image, name }: Package, tag: string): { name: string; version: string } {
  return { name: `${name}/tags/${tag}`, version: `${name}/versions/${image.tags.get(tag)}` };
}
