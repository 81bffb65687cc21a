import type { ImageName } from '../names/image.ts';
import { repositoryName } from './repository-name.ts';

/** Where Artifact Registry's own API has an image: the slashes of its name are escaped in its id, and once more in the path. */
export function packagePath(image: ImageName): string {
  return `${repositoryName(image)}/packages/${encodeURIComponent(encodeURIComponent(image.name))}`;
}
