import { asList, asObject, asText, asTexts, type Json, type JsonObject, own } from '../json.ts';
import { type ApiDocument, follow } from '../model/document.ts';
import { below, type Place } from '../place.ts';

/** A schema as a caller meets it: references followed, allOf merged, null among the types. */
export interface View {
  readonly object: JsonObject;
  readonly place: Place;
  /** In order; undefined where any will do. */
  readonly types: readonly string[] | undefined;
  /** The only values, null left to the types. */
  readonly values: readonly Json[] | undefined;
  readonly properties: ReadonlyMap<string, { readonly value: Json; readonly place: Place }>;
  readonly required: ReadonlySet<string>;
}

const MAX_DEPTH = 16;

/** Reads a schema; of what is none, that anything goes. */
export function view(schema: {
  readonly document: ApiDocument;
  readonly value: Json | undefined;
  readonly place: Place;
}): View {
  const { document, value, place } = schema;
  const properties = new Map<string, { value: Json; place: Place }>();
  const required = new Set<string>();
  const object: JsonObject = {};
  let home = place;
  const visit = (part: Json | undefined, at: Place, depth: number): void => {
    const found = follow(document, part, at);
    if (found === undefined || depth > MAX_DEPTH) return;
    if (depth === 0) home = found.place;
    for (const name of asTexts(own(found.object, 'required'))) required.add(name);
    for (const [name, property] of Object.entries(asObject(own(found.object, 'properties')) ?? {}))
      if (!properties.has(name))
        properties.set(name, { value: property, place: below(below(found.place, 'properties'), name) });
    for (const [key, member] of Object.entries(found.object))
      if (!Object.hasOwn(object, key) && key !== '$ref') object[key] = member;
    for (const [index, inner] of asList(own(found.object, 'allOf')).entries())
      visit(inner, below(below(found.place, 'allOf'), index), depth + 1);
  };
  visit(value, place, 0);
  const only = onlyMember(document, object);
  if (only !== undefined) visit(only, home, 1);
  const types = typesOf(object);
  const stated = own(object, 'const') === undefined ? own(object, 'enum') : [own(object, 'const') ?? null];
  const values = Array.isArray(stated) ? stated.filter((item) => item !== null) : undefined;
  return { object, place: home, types, values, properties, required };
}

/** The one member of a union that is more than null: `anyOf: [X, {type: null}]` is X or nothing. */
function onlyMember(document: ApiDocument, object: JsonObject): Json | undefined {
  for (const key of ['anyOf', 'oneOf']) {
    const members = asList(own(object, key));
    const rest = members.filter((member) => own(follow(document, member, '#')?.object, 'type') !== 'null');
    if (members.length === 0 || rest.length !== 1 || rest.length === members.length) continue;
    delete object[key];
    object.nullable = true;
    return rest[0];
  }
  return undefined;
}

function typesOf(object: JsonObject): readonly string[] | undefined {
  const stated = asText(own(object, 'type'));
  const names = stated === undefined ? asTexts(own(object, 'type')) : [stated];
  if (names.length === 0) return undefined;
  return [...new Set([...names, ...(own(object, 'nullable') === true ? ['null'] : [])])].sort();
}
