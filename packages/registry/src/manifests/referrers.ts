import { fields, LIMITS, list, map, number, parseJson, text } from '@gangway/http';
import { type Place, scopeOf } from '../copy/copy-blob.ts';
import { MEDIA_TYPES } from './media-types.ts';

/** A manifest that refers to an image: its document, a signature, an attestation. */
export interface Referrer {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  /** What it is, e.g. `application/vnd.dev.sigstore.bundle.v0.3+json`. */
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

interface Index {
  readonly manifests?: readonly Referrer[];
}

const INDEX_TYPE = 'application/vnd.oci.image.index.v1+json';
const INDEX = fields<Index>({
  manifests: list(
    fields<Referrer>(
      { mediaType: text, digest: text, size: number, artifactType: text, annotations: map(text) },
      'mediaType',
      'digest',
      'size',
    ),
  ),
});

/**
 * What refers to an image: by the referrers API, or by the tag that stands in for it where a registry doesn't have that.
 *
 * @throws ActionError `registry`, `unreachable`
 * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-referrers
 */
export async function referrersOf(place: Place, digest: string): Promise<readonly Referrer[]> {
  return (await readIndex(place, `referrers/${digest}`)) ?? (await readIndex(place, byTag(digest))) ?? [];
}

/**
 * Sees to it that a registry without the referrers API lists a manifest that was put there.
 *
 * @param digest of the image
 * @throws ActionError `registry`, `unreachable`
 * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pushing-manifests-with-subject
 */
export async function listReferrer(place: Place, digest: string, referrer: Referrer): Promise<void> {
  const known = await referrersOf(place, digest);
  if (known.some((other) => other.digest === referrer.digest)) return;
  const body = { schemaVersion: 2, mediaType: INDEX_TYPE, manifests: [...known, referrer] };
  const response = await place.registry.request({
    method: 'PUT',
    url: `/v2/${place.repository}/${byTag(digest)}`,
    scope: scopeOf(place, 'pull,push'),
    headers: { 'content-type': INDEX_TYPE },
    body: new Uint8Array(Buffer.from(JSON.stringify(body))),
  });
  response.discard();
}

async function readIndex(place: Place, path: string): Promise<readonly Referrer[] | undefined> {
  const response = await place.registry.request({
    method: 'GET',
    url: `/v2/${place.repository}/${path}`,
    scope: scopeOf(place, 'pull'),
    headers: { accept: MEDIA_TYPES.join(', ') },
    accept: [200, 404],
    limit: LIMITS.manifest,
  });
  if (response.status === 404) {
    response.discard();
    return undefined;
  }
  const what = `GET ${place.registry.host}/${place.repository}/${path}`;
  return parseJson(new Uint8Array(await response.bytes()), what, INDEX).manifests ?? [];
}

function byTag(digest: string): string {
  return `manifests/${digest.replace(':', '-')}`;
}
