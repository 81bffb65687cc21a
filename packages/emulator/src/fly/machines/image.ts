import type { Repositories } from '../../contracts.ts';
import { type StoredManifest, sizeOf } from '../../oci/index.ts';
import { FlyError } from '../errors.ts';
import type { Organization } from '../organization.ts';
import type { FlyState } from '../state.ts';
import type { ImageRef } from './image-ref.ts';

/** An image that machines can run. */
export interface FoundImage {
  readonly ref: ImageRef;
  /** Bytes. */
  readonly size: number;
  /** What an engine pulls, with the digest apart. */
  readonly pull: string;
}

/** Where images are looked for. */
interface ImageSources {
  readonly fly: FlyState;
  /** Of the local cloud, which is itself a registry. */
  readonly origin: string;
  readonly repositories: Repositories;
}

const FLY_REGISTRY = 'registry.fly.io';

const REFERENCE =
  /^(?<registry>[a-z0-9.-]+(?::\d+)?)\/(?<repository>[a-z0-9]+(?:[._/-]+[a-z0-9]+)*)(?::(?<tag>\w[\w.-]{0,127}))?(?:@(?<digest>sha256:[0-9a-f]{64}))?$/;

/**
 * Finds the image that a reference names: in registry.fly.io, by its own name or by the local registry's, of any app
 * of the organization; or in a repository of Artifact Registry that everyone may read, since the platform has no
 * credentials for another registry.
 * @throws FlyError when it needs credentials
 */
export function findImage(
  cloud: ImageSources,
  organization: Organization,
  reference: string,
): FoundImage | undefined {
  const groups = REFERENCE.exec(reference)?.groups;
  if (!groups) return undefined;
  const { registry = '', repository = '', tag, digest } = groups;
  const local = new URL(cloud.origin).host;
  const ref = { registry, repository, ...(tag && { tag }), labels: {} };
  if (registry === FLY_REGISTRY || registry === local) {
    const app = cloud.fly.findApp(repository);
    if (app?.organization !== organization) return undefined;
    const manifest = app.images.resolve(repository, digest ?? tag ?? 'latest');
    return (
      manifest &&
      found(
        { ...ref, digest: manifest.digest },
        manifest,
        app.images.get(repository),
        `${local}/${repository}`,
      )
    );
  }
  return publicImage(cloud, reference, ref, `${local}/${registry}/${repository}`);
}

function publicImage(
  { repositories }: Pick<ImageSources, 'repositories'>,
  reference: string,
  ref: Omit<ImageRef, 'digest'>,
  pull: string,
): FoundImage | undefined {
  const parsed = repositories.parse(reference);
  if (!parsed) return undefined;
  const { project, location, repository } = parsed;
  if (
    !repositories.mayPull(undefined, `projects/${project}/locations/${location}/repositories/${repository}`)
  )
    throw new FlyError(401, `Authentication required to access image "${reference}"`);
  const there = repositories.find(reference);
  if (!there) return undefined;
  const { image, images, manifest } = there;
  return found({ ...ref, digest: manifest.digest }, manifest, images.get(image), pull);
}

function found(
  ref: ImageRef,
  manifest: StoredManifest,
  image: Parameters<typeof sizeOf>[1] | undefined,
  pull: string,
): FoundImage {
  return { ref, size: image ? sizeOf(manifest, image) : 0, pull };
}
