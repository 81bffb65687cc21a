import { type Image, type Images, type StoredManifest, sizeOf, tagsOf } from '../../oci/index.ts';
import type { View } from '../view.ts';

/** Manifests of an image that are shown, the newest first. */
const MOST = 50;

/** The repositories of Artifact Registry, and registry.fly.io's of each app, with their images. */
export function repositoriesIn({ artifactRegistry, fly }: Pick<View, 'artifactRegistry' | 'fly'>) {
  const ofGoogle = artifactRegistry.list('projects/').map(({ resource, images }) => {
    const [, project = '', location = '', id = ''] =
      /^projects\/([^/]+)\/locations\/([^/]+)\/repositories\/([^/]+)$/.exec(resource.name) ?? [];
    const fullName = resource.name;
    return {
      name: id,
      fullName,
      location,
      host: `${location}-docker.pkg.dev/${project}/${id}`,
      images: shown(images),
    };
  });
  const ofFly = fly
    .apps()
    .filter(({ images }) => images.list().length > 0)
    .map(({ name, images }) => ({
      name,
      fullName: '',
      location: '',
      host: 'registry.fly.io',
      images: shown(images),
    }));
  return [...ofGoogle, ...ofFly];
}

function shown(images: Images) {
  return images.list().map((image) => ({
    name: image.name,
    count: image.manifests.size,
    manifests: [...image.manifests.values()]
      .sort((a, b) => b.updated - a.updated)
      .slice(0, MOST)
      .map((manifest) => shownManifest(manifest, image)),
  }));
}

function shownManifest(manifest: StoredManifest, image: Image) {
  const layers = manifest.blobs.filter(({ digest }) => digest !== manifest.config?.digest);
  return {
    digest: manifest.digest,
    tags: tagsOf(image, manifest.digest),
    kind: manifest.config ? 'image' : 'index',
    size: sizeOf(manifest, image),
    updated: manifest.updated,
    layers: layers.map(({ digest, size }) => ({ digest, size })),
    children: manifest.manifests.map(({ digest }) => digest),
  };
}
