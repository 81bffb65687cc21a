import type { KubernetesObject } from './object.ts';

/** An image in place of another. */
export interface ImageChange {
  /** The name that manifests have, without tag and digest. */
  readonly name: string;
  /** What it becomes, in full. */
  readonly image: string;
}

const LISTS = ['containers', 'initContainers'];

/** An image's name without its tag and digest. */
export function nameOfImage(image: string): string {
  return image.replace(/@.*$/, '').replace(/:[^/:]*$/, '');
}

/** The images of all containers in an object of any kind, also in the template of a job of a CronJob. */
export function imagesIn(value: unknown): string[] {
  const found: string[] = [];
  walk(value, (image) => {
    found.push(image);
    return image;
  });
  return found;
}

/** The object with the images that changes name in place, whatever tag or digest they had. */
export function withImages(object: KubernetesObject, changes: readonly ImageChange[]): KubernetesObject {
  return walk(
    object,
    (image) => changes.find(({ name }) => name === nameOfImage(image))?.image ?? image,
  ) as KubernetesObject;
}

/** A copy in which every container's image is what `change` makes of it. */
function walk(value: unknown, change: (image: string) => string, list = false): unknown {
  if (Array.isArray(value)) return value.map((item) => walk(item, change, list));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, inner]) => {
    if (list && name === 'image' && typeof inner === 'string') return [name, change(inner)];
    return [name, walk(inner, change, LISTS.includes(name))];
  });
  return Object.fromEntries(entries);
}
