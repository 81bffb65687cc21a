import { catalogue } from '../catalogue/catalogue.ts';
import type { Diagnostic, Finding } from '../diagnostic.ts';
import { asObject, type Json, type JsonObject } from '../json.ts';
import { type Place, splitPlace } from '../place.ts';
import type { Locator } from '../read/positions.ts';

/** A document that was read: the data of its file and of the files it refers to, all references resolvable. */
export interface ApiDocument {
  readonly version: '2.0' | '3.0' | '3.1';
  readonly root: JsonObject;
  /** The path the document was read from. */
  readonly path: string;
  /** Every file, the document itself under ''. */
  readonly files: ReadonlyMap<string, SourceFile>;
  /** The value at a place or a `$ref` (`#/…` or `FILE#/…`), or undefined. */
  readonly resolve: (place: Place) => Json | undefined;
}

/** A file as it was read. */
export interface SourceFile {
  readonly path: string;
  readonly value: Json;
  readonly locate: Locator;
}

/** The object a value is or refers to, with the place where it stands; undefined when a reference leads nowhere. */
export function follow(
  document: ApiDocument,
  value: Json | undefined,
  place: Place,
): { readonly object: JsonObject; readonly place: Place } | undefined {
  let object = asObject(value);
  let at = place;
  for (let hops = 0; object !== undefined && hops < 64; hops += 1) {
    const reference = Object.hasOwn(object, '$ref') ? object.$ref : undefined;
    if (typeof reference !== 'string') return { object, place: at };
    at = reference;
    object = asObject(document.resolve(reference));
  }
  return undefined;
}

/** A resolver over files, remembering what it found. */
export function resolver(files: ReadonlyMap<string, SourceFile>): (place: Place) => Json | undefined {
  const known = new Map<Place, Json | undefined>();
  return (place) => {
    if (known.has(place)) return known.get(place);
    const value = lookUp(files, place);
    known.set(place, value);
    return value;
  };
}

function lookUp(files: ReadonlyMap<string, SourceFile>, place: Place): Json | undefined {
  const { file, keys } = splitPlace(place);
  let value = files.get(file)?.value;
  for (const key of keys) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = step(value, key) ?? step(value, percentDecoded(key));
  }
  return value;
}

function step(value: Json[] | JsonObject, key: string): Json | undefined {
  if (Array.isArray(value)) return /^\d+$/.test(key) ? value[Number(key)] : undefined;
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

function percentDecoded(key: string): string {
  if (!key.includes('%')) return key;
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

/** Findings as diagnostics, each with its line and column; one pass over each file. */
export function diagnose(
  files: ReadonlyMap<string, SourceFile>,
  findings: readonly Finding[],
): readonly Diagnostic[] {
  const places = findings.map((finding) => splitPlace(finding.place));
  const diagnostics: Diagnostic[] = new Array(findings.length);
  for (const [name, file] of files) {
    const indexes = places.flatMap((place, index) => (place.file === name ? [index] : []));
    if (indexes.length === 0) continue;
    const positions = file.locate(indexes.map((index) => places[index]?.keys ?? []));
    for (const [nth, index] of indexes.entries()) {
      const finding = findings[index];
      if (finding === undefined) continue;
      diagnostics[index] = {
        ...bare(finding),
        file: file.path,
        ...positions[nth],
      };
    }
  }
  return findings.map((finding, index) => diagnostics[index] ?? bare(finding));
}

function bare(finding: Finding): Diagnostic {
  const { code, message, hint, place } = finding;
  return {
    code,
    severity: catalogue[code].severity,
    message,
    hint,
    pointer: place.slice(place.indexOf('#') + 1),
  };
}
