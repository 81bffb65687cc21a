import { asObject, type Json, own } from '../json.ts';
import { type ApiDocument, follow } from '../model/document.ts';
import { below } from '../place.ts';
import { METHODS } from './items.ts';

/** The names of schemes that a document requires somewhere, be it in a wrong form. */
export function requiredNames(document: ApiDocument): ReadonlySet<string> {
  const names = new Set<string>();
  const collect = (value: Json | undefined): void => {
    for (const key of ['security', 'x-security']) {
      const stated = own(asObject(value), key);
      for (const item of Array.isArray(stated) ? stated : [stated ?? null]) {
        if (typeof item === 'string') names.add(item);
        for (const name of Object.keys(asObject(item) ?? {})) names.add(name);
      }
    }
  };
  collect(document.root);
  collect(own(asObject(own(asObject(own(document.root, 'x-google-api-management')), 'mcp')), 'tools-list'));
  for (const [path, item] of Object.entries(asObject(own(document.root, 'paths')) ?? {})) {
    const found = follow(document, item, below('#/paths', path));
    for (const method of METHODS) collect(own(found?.object, method));
  }
  return names;
}
