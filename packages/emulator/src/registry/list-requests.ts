import type { Call, Reply } from '../kernel/http/call.ts';
import {
  type Image,
  isDigest,
  OCI_INDEX,
  RegistryError,
  type StoredManifest,
  sizeOf,
  tagsOf,
} from '../oci/index.ts';
import { bearerOf, enter } from './access.ts';
import type { Context } from './context.ts';
import { registryHost } from './target.ts';

/** GET /v2/_catalog, in pages of `n` after `last`: the images that the caller may pull. */
export function listImages(call: Call, cloud: Context): Reply {
  const bearer = bearerOf(call, cloud, 'registry:catalog:*');
  const names = cloud.imageHomes.flatMap((home) => home.catalog?.(bearer, registryHost(call)) ?? []);
  const { items, headers } = paged(call, names, '/v2/_catalog');
  return { headers, body: { repositories: items } };
}

/**
 * GET /v2/NAME/tags/list, in pages of `n` after `last`. Besides the specification's fields it has those by which Google's tools list a
 * repository (https://github.com/google/go-containerregistry/blob/main/pkg/v1/google/list.go): the images below (`child`), and what each
 * manifest is.
 */
export function listTags(call: Call, cloud: Context): Reply {
  const { images, image, name } = enter(call, cloud, 'pull', true);
  const found = images.get(image);
  const child = childrenOf(images.list(), image);
  if (!found && image !== '' && child.length === 0)
    throw new RegistryError('NAME_UNKNOWN', `Package "${image}" not found`);
  const { items: tags, headers } = paged(call, [...(found?.tags.keys() ?? [])], `/v2/${name}/tags/list`);
  const manifest = Object.fromEntries(
    [...(found?.manifests.values() ?? [])].map((one) => [one.digest, summary(one, found as Image)]),
  );
  return { headers, body: { child, manifest, name, tags } };
}

function childrenOf(images: readonly Image[], parent: string): string[] {
  const below = images
    .map(({ name }) => name)
    .filter((name) => parent === '' || name.startsWith(`${parent}/`))
    .map((name) => (parent === '' ? name : name.slice(parent.length + 1)).split('/')[0] ?? '');
  return [...new Set(below)].sort();
}

function summary(manifest: StoredManifest, image: Image) {
  const { mediaType, digest, uploaded, buildTime } = manifest;
  const created = Date.parse(buildTime ?? '');
  return {
    imageSizeBytes: String(sizeOf(manifest, image)),
    mediaType,
    tag: tagsOf(image, digest),
    timeCreatedMs: String(Number.isNaN(created) ? 0 : created),
    timeUploadedMs: String(uploaded),
  };
}

/** A page of names as the specification cuts it, and the link to the next one. @throws RegistryError for a number that is none */
function paged(call: Call, names: readonly string[], path: string) {
  const last = call.query.get('last') ?? '';
  const n = call.query.get('n');
  if (n !== null && !/^\d+$/.test(n))
    throw new RegistryError('PAGINATION_NUMBER_INVALID', `invalid number of results requested: "${n}"`);
  const limit = n === null ? Number.POSITIVE_INFINITY : Number(n);
  const rest = [...names].sort().filter((name) => name > last);
  const items = rest.slice(0, limit);
  const more = rest.length > items.length && items.length > 0;
  const next = `${path}?n=${limit}&last=${encodeURIComponent(items.at(-1) ?? '')}`;
  return { items, headers: more ? { link: `<${next}>; rel="next"` } : {} };
}

/** GET /v2/NAME/referrers/DIGEST, of one `artifactType` or all (distribution-spec, "Listing Referrers"). */
export function listReferrers(call: Call, cloud: Context): Reply {
  const { images, image } = enter(call, cloud, 'pull');
  const digest = call.params.digest ?? '';
  if (!isDigest(digest)) throw new RegistryError('DIGEST_INVALID', `'${digest}' is not a sha256 digest`);
  const wanted = call.query.get('artifactType');
  const manifests = images
    .referrers(image, digest)
    .map(({ mediaType, digest: own, bytes, artifactType, config, annotations }) => ({
      mediaType,
      digest: own,
      size: bytes.length,
      artifactType: artifactType ?? config?.mediaType,
      ...(annotations && { annotations }),
    }))
    .filter(({ artifactType }) => !wanted || artifactType === wanted);
  return {
    headers: { 'content-type': OCI_INDEX, ...(wanted && { 'oci-filters-applied': 'artifactType' }) },
    body: JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests }),
  };
}
