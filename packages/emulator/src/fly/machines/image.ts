import type { Repositories } from '../../contracts.ts';
import { type StoredManifest, sizeOf } from '../../oci/index.ts';
import { builderImage } from '../builders/builder.ts';
import type { DataPlane } from '../data-plane.ts';
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
  /^(?<registry>localhost(?::\d+)?|[a-z0-9-]+(?:\.[a-z0-9.-]+(?::\d+)?|:\d+))\/(?<repository>[a-z0-9]+(?:[._/-]+[a-z0-9]+)*)(?::(?<tag>\w[\w.-]{0,127}))?(?:@(?<digest>sha256:[0-9a-f]{64}))?$/;

/**
 * The image that a reference names, of the local registries or of a public one that the engine can pull from.
 *
 * @throws FlyError 400 when there is none, 401 when it needs credentials
 */
export async function imageFor(
  cloud: ImageSources & { readonly flyPlane: Pick<DataPlane, 'pullPublic'> },
  organization: Organization,
  reference: string,
): Promise<FoundImage> {
  // flyctl adds the digest once more to a name that has one.
  const once = reference.replace(/(@sha256:[0-9a-f]{64})\1$/, '$1');
  const builder = builderImage(once);
  if (builder) return { ref: builder, size: 0, pull: '' };
  const found = findImage(cloud, organization, once);
  if (found) return found;
  const full = fullName(once);
  const refuse = (why: string) => new FlyError(400, `Unable to pull image "${reference}": ${why}`);
  if (!full || isLocal(cloud, full)) throw refuse('manifest unknown');
  try {
    const { registry = '', repository = '', tag } = REFERENCE.exec(full)?.groups ?? {};
    const { digest, size } = await cloud.flyPlane.pullPublic(full);
    return {
      ref: { registry, repository, ...(tag && { tag }), digest, labels: {} },
      size,
      pull: `${registry}/${repository}`,
    };
  } catch (error) {
    throw refuse(error instanceof Error ? error.message : String(error));
  }
}

/** As Docker completes a name: without a registry it is Docker Hub's; undefined for no name. */
function fullName(reference: string): string | undefined {
  if (REFERENCE.test(reference)) return reference;
  const name = `registry-1.docker.io/${reference.includes('/') ? '' : 'library/'}${reference}`;
  return REFERENCE.test(name) ? name : undefined;
}

/** Whether a registry is one that the local cloud stands in for: what it does not have is not there. */
function isLocal(cloud: ImageSources, reference: string): boolean {
  const { registry = '' } = REFERENCE.exec(reference)?.groups ?? {};
  return (
    registry === FLY_REGISTRY ||
    registry === new URL(cloud.origin).host ||
    cloud.repositories.parse(reference) !== undefined
  );
}

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
