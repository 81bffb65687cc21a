import { listed, type Report } from '../diagnostic.ts';
import { asObject, type Json, type JsonObject } from '../json.ts';
import { type ApiDocument, follow } from '../model/document.ts';
import { freeName } from '../model/references.ts';
import { below, escapeKey, type Place, splitPlace } from '../place.ts';

/** The named schemas of an emitted document: those that something refers to, wherever they stood in the source. */
export interface Definitions {
  /** The emitted name of what a reference leads to; undefined (and an error) when it leads nowhere. */
  readonly nameOf: (reference: string, place: Place) => string | undefined;
  /** Every definition that was referred to, directly or not, by name. */
  readonly emit: (convert: (value: Json, place: Place) => JsonObject) => JsonObject;
}

/**
 * Names are kept where Google and the tools around Swagger take them, else cleaned; a schema that is referred to
 * where it stands (in `$defs`, in a path, in another file) is given a name of its own.
 */
export function definitionsOf(document: ApiDocument, report: Report): Definitions {
  const home: Place = document.version === '2.0' ? '#/definitions' : '#/components/schemas';
  const names = nameAll(document, home, report);
  const taken = new Set(names.values());
  const wanted = new Map<string, Place>();

  const nameOf = (reference: string, place: Place): string | undefined => {
    const target = normalised(reference);
    const known = names.get(target);
    if (known !== undefined && wanted.has(known)) return known;
    const value = document.resolve(target);
    if (value === undefined || (typeof value !== 'boolean' && asObject(value) === undefined)) {
      report('reference-not-found', place, `The reference ${reference} leads to no schema.`);
      return undefined;
    }
    if (typeof value === 'object' && follow(document, value, target) === undefined) {
      const dangling = asObject(value)?.$ref;
      const broken = typeof dangling === 'string' && document.resolve(dangling) === undefined;
      report(
        broken ? 'reference-not-found' : 'circular-reference',
        place,
        `The reference ${reference} leads to no schema.`,
      );
      return undefined;
    }
    const name = known ?? freeName(shortName(target), taken);
    taken.add(name);
    names.set(target, name);
    wanted.set(name, target);
    return name;
  };

  const emit = (convert: (value: Json, place: Place) => JsonObject): JsonObject => {
    const emitted = new Map<string, JsonObject>();
    // Converting one definition may refer to others, which join the map while it is being walked.
    for (const [name, place] of wanted) emitted.set(name, convert(document.resolve(place) ?? true, place));
    const unused = [...names]
      .filter(([, name]) => !wanted.has(name))
      .map(([place]) => splitPlace(place).keys.at(-1) ?? '');
    if (unused.length > 0) report('definition-unused', home, `${unused.length} left out: ${listed(unused)}.`);
    return Object.fromEntries([...emitted].sort(([a], [b]) => (a < b ? -1 : 1)));
  };

  return { nameOf, emit };
}

function nameAll(document: ApiDocument, home: Place, report: Report): Map<Place, string> {
  const schemas = asObject(document.resolve(home)) ?? {};
  const keys = Object.keys(schemas);
  const taken = new Set(keys.filter(isClean));
  const names = new Map<Place, string>();
  for (const key of keys) {
    const place = below(home, key);
    const name = isClean(key) ? key : freeName(key, taken);
    taken.add(name);
    names.set(place, name);
    if (name !== key) report('definition-renamed', place, `The schema ${key} is called ${name}.`);
  }
  return names;
}

function isClean(name: string): boolean {
  return /^[A-Za-z0-9._-]+$/.test(name);
}

/** One spelling of a reference: pointers may be percent-encoded, as URI fragments are. */
function normalised(reference: string): Place {
  if (!reference.includes('%')) return reference;
  const { file, keys } = splitPlace(reference);
  return `${file}#${keys.map((key) => `/${escapeKey(decoded(key))}`).join('')}`;
}

function decoded(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

function shortName(place: Place): string {
  const { file, keys } = splitPlace(place);
  const last = keys.findLast((key) => !/^\d+$/.test(key) && key !== 'schema');
  return last ?? file.replace(/^.*\//, '').replace(/\.[^.]*$/, '');
}
