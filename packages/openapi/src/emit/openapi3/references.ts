import type { Report } from '../../diagnostic.ts';
import { asObject, type Json, type JsonObject, own } from '../../json.ts';
import { type ApiDocument, follow } from '../../model/document.ts';
import { freeName, replaceReferences } from '../../model/references.ts';
import { below, type Place, splitPlace } from '../../place.ts';
import { kindAt } from './kinds.ts';

/** References of an emitted document: all of them lead into its own components. */
export interface References {
  readonly rewrite: (value: Json, place: Place) => Json;
  /** The components, those included that were brought in from elsewhere. */
  readonly components: () => JsonObject;
}

/** Components that are emitted as they are. Path items stand in `paths`, callbacks mean nothing to a gateway. */
const KEPT = ['schemas', 'responses', 'parameters', 'examples', 'requestBodies', 'headers', 'links'];

/** Leaves references into components alone; brings what others lead to (another file, a path) into components. */
export function referencesOf(document: ApiDocument, report: Report): References {
  const written = asObject(own(document.root, 'components')) ?? {};
  const taken = new Map(KEPT.map((kind) => [kind, new Set(Object.keys(asObject(own(written, kind)) ?? {}))]));
  const brought = new Map<string, { readonly kind: string; readonly name: string; readonly place: Place }>();

  const renames = renameAll(written, taken, report);

  const replace = (holder: JsonObject, reference: string, place: Place): Json => {
    const target = document.resolve(reference);
    if (target === undefined || isWhole(reference)) {
      if (/^[a-z][a-z0-9+.-]*:/i.test(reference)) return {};
      report('reference-not-found', place, `The reference ${reference} leads to nothing.`);
      return substitute(place);
    }
    if (asObject(target) !== undefined && isCircular(reference, target)) {
      report('circular-reference', place, `The reference ${reference} leads back to itself.`);
      return substitute(place);
    }
    const section = /^#\/components\/([^/]+)\//.exec(reference)?.[1];
    const wanted = section === undefined || isPlainly(section, place) ? undefined : kindAt(place);
    const isOther = section !== undefined && KEPT.includes(section) && isComponent(reference);
    if (isOther && wanted !== undefined && KEPT.includes(wanted) && wanted !== section) {
      report(
        'reference-kind',
        place,
        `The reference ${reference} leads to one of ${section}, and ${wanted} belong here.`,
      );
      return substitute(place);
    }
    if (section !== undefined && KEPT.includes(section)) {
      const renamed = renames.get(reference);
      return renamed === undefined ? holder : { ...holder, $ref: renamed };
    }
    const kind = kindOf(place);
    const known = brought.get(`${kind} ${reference}`);
    const name = known?.name ?? freeName(shortName(reference), taken.get(kind) ?? new Set());
    if (known === undefined) {
      taken.get(kind)?.add(name);
      brought.set(`${kind} ${reference}`, { kind, name, place: reference });
    }
    return { ...holder, $ref: `#/components/${kind}/${name}` };
  };

  const circular = new Map<string, boolean>();
  const isCircular = (reference: string, target: Json): boolean => {
    if (typeof asObject(target)?.$ref !== 'string') return false;
    const known = circular.get(reference);
    if (known !== undefined) return known;
    const lost = follow(document, target, reference) === undefined && leadsBack(document, reference);
    circular.set(reference, lost);
    return lost;
  };

  const rewrite = (value: Json, place: Place): Json => replaceReferences(value, place, replace);

  const components = (): JsonObject => {
    const out: Record<string, JsonObject> = {};
    for (const kind of KEPT) {
      const members = asObject(own(written, kind));
      if (members === undefined || Object.keys(members).length === 0) continue;
      const at = `#/components/${kind}`;
      const replaced = Object.entries(asObject(replaceReferences(members, at, replace, true)) ?? {});
      out[kind] = Object.fromEntries(
        replaced.map(([name, value]) => [
          splitPlace(renames.get(below(at, name)) ?? below(at, name)).keys.at(-1) ?? name,
          value,
        ]),
      );
    }
    // Bringing one in may bring others, which join the map while it is being walked.
    for (const { kind, name, place } of brought.values()) {
      out[kind] ??= {};
      out[kind][name] = rewrite(document.resolve(place) ?? {}, place);
    }
    // In one order, whatever was brought in first.
    return Object.fromEntries(KEPT.flatMap((kind) => (out[kind] === undefined ? [] : [[kind, out[kind]]])));
  };

  return { rewrite, components };
}

/** Names that OpenAPI 3 does not allow, such as those of generic models of old FastAPI, by the place they stand at. */
function renameAll(
  written: JsonObject,
  taken: ReadonlyMap<string, Set<string>>,
  report: Report,
): ReadonlyMap<Place, Place> {
  const renames = new Map<Place, Place>();
  for (const kind of KEPT) {
    for (const name of Object.keys(asObject(own(written, kind)) ?? {})) {
      if (/^[A-Za-z0-9._-]+$/.test(name)) continue;
      const home = `#/components/${kind}`;
      const free = freeName(name, taken.get(kind) ?? new Set());
      taken.get(kind)?.add(free);
      renames.set(below(home, name), below(home, free));
      report('definition-renamed', below(home, name), `The component ${name} is called ${free}.`);
    }
  }
  return renames;
}

/** A part of the document too large to be the component that a reference stands for: its root, all paths, an operation. */
function isWhole(reference: string): boolean {
  const { file, keys } = splitPlace(reference);
  return file === '' && keys.length < (keys[0] === 'paths' ? 4 : 3);
}

/** Whether a component of a kind belongs at a place for sure; what a look at the text tells needs no walk along it. */
function isPlainly(section: string, place: Place): boolean {
  if (section === 'schemas') return place.startsWith('#/components/schemas/') || place.includes('/schema/');
  return section === 'examples' && place.includes('/examples/');
}

/** A component itself, and not a part of one. */
function isComponent(reference: string): boolean {
  return splitPlace(reference).keys.length === 3;
}

/** Whether references, followed one after the other, come back to where they began. */
function leadsBack(document: ApiDocument, reference: string): boolean {
  const seen = new Set<string>();
  for (let at: Json | undefined = reference; typeof at === 'string'; ) {
    if (seen.has(at)) return true;
    seen.add(at);
    at = own(asObject(document.resolve(at)), '$ref');
  }
  return false;
}

/** What kind of thing a reference at a place stands for; of other files, only the neighbourhood tells. */
function kindOf(place: Place): string {
  const certain = kindAt(place);
  if (certain !== undefined && KEPT.includes(certain)) return certain;
  const { file, keys } = splitPlace(place);
  if (file === '') return 'schemas';
  const [parent, holder] = [keys.at(-3), keys.at(-2)];
  if (holder === 'requestBody') return 'requestBodies';
  if (parent !== undefined && ['parameters', 'responses', 'headers', 'examples', 'links'].includes(parent))
    return parent;
  return 'schemas';
}

/** What stands in for a reference that leads nowhere. */
function substitute(place: Place): Json {
  const kind = kindOf(place);
  if (kind === 'responses') return { description: '' };
  return kind === 'requestBodies' ? { content: {} } : {};
}

function shortName(place: Place): string {
  const { file, keys } = splitPlace(place);
  const last = keys.findLast((key) => !/^\d+$/.test(key) && key !== 'schema' && key !== '');
  return last ?? file.replace(/^.*\//, '').replace(/\.[^.]*$/, '');
}
