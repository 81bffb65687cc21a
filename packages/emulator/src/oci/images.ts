import { RegistryError } from './errors.ts';
import type { Manifest } from './manifest.ts';

export interface StoredManifest extends Manifest {
  /** Milliseconds since the epoch. */
  readonly uploaded: number;
  /** When it was last pushed or tagged, milliseconds since the epoch. */
  updated: number;
  /** The `created` of an image's configuration, RFC 3339. */
  readonly buildTime: string | undefined;
}

export interface Image {
  readonly name: string;
  readonly created: number;
  readonly manifests: Map<string, StoredManifest>;
  /** Tag to digest. */
  readonly tags: Map<string, string>;
}

export interface SavedImages {
  readonly images: readonly Image[];
  readonly blobs: ReadonlySet<string>;
}

/** The images of one repository, and the blobs they may refer to. */
export class Images {
  readonly #images = new Map<string, Image>();
  /** Digests of the blobs that were pushed to, or mounted into, this repository. */
  readonly blobs = new Set<string>();

  /** The images and blobs that were kept. */
  static restore({ images, blobs }: SavedImages): Images {
    const restored = new Images();
    for (const image of images) restored.#images.set(image.name, image);
    for (const digest of blobs) restored.blobs.add(digest);
    return restored;
  }

  save(): SavedImages {
    return { images: this.list(), blobs: this.blobs };
  }

  get(name: string): Image | undefined {
    return this.#images.get(name);
  }

  list(): Image[] {
    return [...this.#images.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** The manifest behind a tag or a digest. */
  resolve(name: string, reference: string): StoredManifest | undefined {
    const image = this.#images.get(name);
    return image?.manifests.get(reference.includes(':') ? reference : (image.tags.get(reference) ?? ''));
  }

  /**
   * Stores a manifest, and points a tag at it where one is given.
   * @throws RegistryError MANIFEST_BLOB_UNKNOWN when it refers to what was not pushed before
   */
  put(
    name: string,
    manifest: Manifest,
    stored: { now: number; buildTime: string | undefined; tag: string | undefined },
  ): void {
    const existing = this.#images.get(name);
    for (const { digest, urls } of manifest.blobs) {
      if (!urls && !this.blobs.has(digest))
        throw new RegistryError('MANIFEST_BLOB_UNKNOWN', `Blob "${digest}" is not in the repository`);
    }
    for (const { digest } of manifest.manifests) {
      // BuildKit's cache export lists layers, not manifests, in its index.
      if (!existing?.manifests.has(digest) && !this.blobs.has(digest))
        throw new RegistryError('MANIFEST_BLOB_UNKNOWN', `Manifest "${digest}" is not in the repository`);
    }
    const { now, buildTime, tag } = stored;
    const image = existing ?? { name, created: now, manifests: new Map(), tags: new Map() };
    this.#images.set(name, image);
    const before = image.manifests.get(manifest.digest);
    image.manifests.set(manifest.digest, {
      ...manifest,
      uploaded: before?.uploaded ?? now,
      updated: now,
      buildTime,
    });
    if (tag !== undefined) image.tags.set(tag, manifest.digest);
  }

  /** Removes a manifest and every tag on it; the image goes with its last manifest. */
  remove(name: string, digest: string): void {
    const image = this.#images.get(name);
    image?.manifests.delete(digest);
    for (const [tag, tagged] of image?.tags ?? []) if (tagged === digest) image?.tags.delete(tag);
    if (image?.manifests.size === 0) this.#images.delete(name);
  }

  /** Removes an image with all its manifests. */
  removeImage(name: string): void {
    this.#images.delete(name);
  }

  /** The manifests that name this digest as their subject. */
  referrers(name: string, digest: string): StoredManifest[] {
    return [...(this.#images.get(name)?.manifests.values() ?? [])].filter(
      ({ subject }) => subject === digest,
    );
  }
}

/** A manifest that a manifest can't go before: an index that lists it, or one that names it as its subject. */
export function parentOf({ manifests }: Image, digest: string): StoredManifest | undefined {
  return [...manifests.values()].find(
    ({ subject, manifests: children }) =>
      subject === digest || children.some((child) => child.digest === digest),
  );
}

/** Tags of a manifest in an image, sorted. */
export function tagsOf(image: Image, digest: string): string[] {
  return [...image.tags].flatMap(([tag, tagged]) => (tagged === digest ? [tag] : [])).sort();
}

/** Bytes of an image as Artifact Registry counts them: configuration and layers; of an index, the manifests in it. */
export function sizeOf(manifest: Manifest, image: Image): number {
  const own = manifest.blobs.reduce((sum, { size }) => sum + size, 0);
  return manifest.manifests.reduce((sum, { digest, size }) => {
    const child = image.manifests.get(digest);
    return sum + (child ? sizeOf(child, image) : size);
  }, own);
}
