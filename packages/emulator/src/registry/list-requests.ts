import type { Call, Reply } from '../kernel/http/call.ts';
import { isDigest, OCI_INDEX, RegistryError } from '../oci/index.ts';
import { enter } from './access.ts';
import type { Context } from './context.ts';

/** GET /v2/NAME/tags/list, in pages of `n` after `last`. */
export function listTags(call: Call, cloud: Context): Reply {
  const { images, image, name } = enter(call, cloud, 'pull');
  const found = images.get(image);
  if (!found) throw new RegistryError('NAME_UNKNOWN', `Package "${image}" not found`);
  const last = call.query.get('last') ?? '';
  const limit = Number(call.query.get('n') ?? Number.POSITIVE_INFINITY);
  const rest = [...found.tags.keys()].sort().filter((tag) => tag > last);
  const tags = rest.slice(0, limit);
  const next =
    rest.length > tags.length && tags.length > 0
      ? `/v2/${name}/tags/list?n=${limit}&last=${tags.at(-1)}`
      : undefined;
  return { ...(next && { headers: { link: `<${next}>; rel="next"` } }), body: { name, tags } };
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
