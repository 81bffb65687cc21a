import type { FoundImage, ImageReference } from '../../contracts.ts';
import { gcrLocation } from './gcr.ts';
import type { ArtifactRegistryState } from './state.ts';

const REFERENCE =
  /^(?<location>[a-z][a-z0-9-]*)-docker\.pkg\.dev\/(?<project>[a-z][a-z0-9.:-]*)\/(?<repository>[a-z][a-z0-9.-]*)\/(?<image>[a-z0-9]+(?:[._/-]+[a-z0-9]+)*)(?::(?<tag>\w[\w.-]{0,127}))?(?:@(?<digest>sha256:[0-9a-f]{64}))?$/;

/** Reads a canonical image reference, `LOCATION-docker.pkg.dev/PROJECT/REPOSITORY/IMAGE[:TAG][@DIGEST]` or one of gcr.io; undefined when it is none. */
export function parseReference(reference: string): ImageReference | undefined {
  const [host = ''] = reference.split('/', 1);
  const gcr = gcrLocation(host);
  // `gcr.io/P/IMAGE` is short for `us-docker.pkg.dev/P/gcr.io/IMAGE`.
  const long = gcr ? reference.replace(/^[^/]+\/([^/]+)\//, `${gcr}-docker.pkg.dev/$1/${host}/`) : reference;
  const groups = REFERENCE.exec(long)?.groups;
  if (!groups) return undefined;
  const { location = '', project = '', repository = '', image = '', tag, digest } = groups;
  return { location, project, repository, image, ...(tag && { tag }), ...(digest && { digest }) };
}

/** What a reference stands for now; `latest` is the tag where it gives neither. Undefined when there is no such image. */
export function resolve(state: ArtifactRegistryState, reference: string): FoundImage | undefined {
  const parsed = parseReference(reference);
  if (!parsed) return undefined;
  const { project, location, repository, image } = parsed;
  const name = `projects/${project}/locations/${location}/repositories/${repository}`;
  const images = state.find(name)?.images;
  const manifest = images?.resolve(image, parsed.digest ?? parsed.tag ?? 'latest');
  return images && manifest && { repository: name, image, manifest, images };
}
