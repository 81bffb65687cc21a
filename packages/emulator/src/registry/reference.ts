import type { Cloud } from '../cloud.ts';
import { gcrLocation } from './gcr.ts';

/** A Docker image in Artifact Registry, as `LOCATION-docker.pkg.dev/PROJECT/REPOSITORY/IMAGE[:TAG][@DIGEST]` names it. */
interface ImageReference {
  readonly location: string;
  readonly project: string;
  readonly repository: string;
  /** May hold slashes. */
  readonly image: string;
  readonly tag?: string;
  readonly digest?: string;
}

const REFERENCE =
  /^(?<location>[a-z][a-z0-9-]*)-docker\.pkg\.dev\/(?<project>[a-z][a-z0-9.:-]*)\/(?<repository>[a-z][a-z0-9.-]*)\/(?<image>[a-z0-9]+(?:[._/-]+[a-z0-9]+)*)(?::(?<tag>\w[\w.-]{0,127}))?(?:@(?<digest>sha256:[0-9a-f]{64}))?$/;

/** Reads a canonical image reference; undefined when it is none. */
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

/**
 * The digest a canonical reference stands for now; `latest` is the tag where it gives neither.
 * Undefined when the registry has no such image.
 */
export function resolveDigest(cloud: Cloud, reference: string): string | undefined {
  const parsed = parseReference(reference);
  if (!parsed) return undefined;
  const { project, location, repository, image } = parsed;
  const found = cloud.artifactRegistry.find(
    `projects/${project}/locations/${location}/repositories/${repository}`,
  );
  return found?.images.resolve(image, parsed.digest ?? parsed.tag ?? 'latest')?.digest;
}
