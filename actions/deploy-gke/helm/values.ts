import { ActionError } from '@gangway/action';
import { nameOfImage } from '@gangway/kubernetes';
import { parse } from 'yaml';
import type { Setting } from '../inputs/release.ts';

type Tree = { [key: string]: unknown };

/** The settings as one tree of values, as a file for helm has them. @throws ActionError where one contradicts another */
export function treeOf(settings: readonly Setting[]): Tree {
  const tree: Tree = {};
  for (const { keys, value } of settings) {
    let place = tree;
    for (const [index, key] of keys.entries()) {
      if (index === keys.length - 1) {
        if (isTree(place[key])) throw contradiction(keys);
        place[key] = value;
        continue;
      }
      place[key] ??= {};
      const inner = place[key];
      if (!isTree(inner)) throw contradiction(keys);
      place = inner;
    }
  }
  return tree;
}

/**
 * How a chart is told its image, by what its own values have there: a text gets the whole; `digest` beside `repository` the digest; and
 * where there is only `tag`, a repository that ends with `@sha256` and the rest of the digest as the tag come to the same.
 *
 * @param defaults what "helm show values" says
 * @param keys where the image is
 * @param image by digest, or by tag where its registry is not Google's
 * @throws ActionError `image-value-missing` when the chart has no image there
 */
export function imageSettings(defaults: string, keys: readonly string[], image: string): Setting[] {
  const there = valueAt(parse(defaults), keys);
  const at = (key: string, value: string): Setting => ({ keys: [...keys, key], value });
  if (typeof there === 'string') return [{ keys, value: image }];
  const found = isTree(there) ? there : {};
  const repository = ['repository', 'name'].find((key) => key in found);
  if (!repository || !('tag' in found || 'digest' in found)) throw missing(keys, found);
  const full = nameOfImage(image);
  const [host = '', ...path] = full.split('/');
  const name = 'registry' in found ? path.join('/') : full;
  const registry = 'registry' in found ? [at('registry', host)] : [];
  const digest = image.split('@')[1];
  if (digest === undefined)
    return [...registry, at(repository, name), at('tag', image.slice(full.length + 1) || 'latest')];
  if ('digest' in found) return [...registry, at(repository, name), at('digest', digest)];
  const [algorithm = '', hex = ''] = digest.split(':');
  return [...registry, at(repository, `${name}@${algorithm}`), at('tag', hex)];
}

function valueAt(tree: unknown, keys: readonly string[]): unknown {
  return keys.reduce<unknown>((place, key) => (isTree(place) ? place[key] : undefined), tree);
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function missing(keys: readonly string[], found: Tree): ActionError {
  const path = keys.join('.');
  const has = Object.keys(found).join(', ');
  return new ActionError(
    `The values of the chart have no image at "${path}"${has ? `: there are ${has}` : ''}.`,
    {
      code: 'image-value-missing',
      hint: 'set image_value to the path of a text, or of repository with tag or digest, such as web.image. "helm show values CHART" prints them. If the chart has its image elsewhere, use set instead of image',
    },
  );
}

function contradiction(keys: readonly string[]): ActionError {
  return new ActionError(
    `Input "set" is not valid: ${keys.join('.')} is set both to a value and as the parent of other values.`,
    {
      code: 'input-invalid',
      hint: 'keep one of the two',
    },
  );
}
