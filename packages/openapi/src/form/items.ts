import { asObject, type JsonObject, own } from '../json.ts';
import type { ApiDocument } from '../model/document.ts';
import { below, type Place } from '../place.ts';

export const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

/** A path item as somebody wrote it. */
export interface WrittenItem {
  readonly path: string;
  readonly object: JsonObject;
  readonly place: Place;
  /** Where the operations stand: elsewhere than the item, where it is a reference. */
  readonly doubt: Place;
  /** Whether it is a reference, so that what else it holds is read by nobody. */
  readonly beside: boolean;
}

/**
 * The path items and everything on the way to where they really stand: a reference may lead to another, in this file or
 * in the next, and beside each of them people write what nobody reads.
 */
export function itemsOf(document: ApiDocument): readonly WrittenItem[] {
  return Object.entries(asObject(own(document.root, 'paths')) ?? {}).flatMap(([path, value]) => {
    if (path.startsWith('x-')) return [];
    const hops: { readonly object: JsonObject; readonly place: Place }[] = [];
    let object = asObject(value);
    let place = below('#/paths', path);
    while (object !== undefined && hops.length < 64) {
      hops.push({ object, place });
      const reference = own(object, '$ref');
      if (typeof reference !== 'string') break;
      place = reference;
      object = asObject(document.resolve(reference));
    }
    const doubt = hops.at(-1)?.place ?? place;
    return hops.map((hop) => ({
      path,
      ...hop,
      doubt,
      beside: typeof own(hop.object, '$ref') === 'string',
    }));
  });
}
