import { asList, asObject, asText, type Json, type JsonObject, own } from '../json.ts';
import { type ApiDocument, follow, resolver, type SourceFile } from '../model/document.ts';
import type { Operation } from '../operation.ts';
import { below, type Place } from '../place.ts';
import { upgrade } from '../upgrade/upgrade.ts';

/** What an operation agrees with its callers on, references still to be followed. */
export interface Contract {
  readonly document: ApiDocument;
  readonly place: Place;
  /** The operation itself, in the words of 3.x. */
  readonly operation: JsonObject;
  readonly parameters: readonly Part[];
  readonly body: Part | undefined;
  /** By status. */
  readonly responses: ReadonlyMap<string, Part>;
}

/** A parameter, body, response, header or media type, and where it stands. */
export interface Part {
  readonly object: JsonObject;
  readonly place: Place;
}

interface Source {
  readonly root: JsonObject;
  readonly path: string;
  readonly method: string;
}

const sources = new WeakMap<Operation, Source>();
const documents = new WeakMap<JsonObject, ApiDocument>();

/** Remembers where an operation was read, so that its contract can be looked up when it is asked for. */
export function rememberSource(operation: Operation, source: Source): void {
  sources.set(operation, source);
}

/**
 * Whether the contracts of two operations can be compared: Swagger 2.0 says so much less of schemas than OpenAPI 3 that
 * between the two everything would differ.
 */
export function areComparable(before: Operation, after: Operation): boolean {
  const [old, now] = [sources.get(before), sources.get(after)];
  return (
    old !== undefined &&
    now !== undefined &&
    (old.root.swagger === undefined) === (now.root.swagger === undefined)
  );
}

/** The contract of an operation that was read from a document; of another, nothing is known. */
export function contractOf(operation: Operation): Contract | undefined {
  const source = sources.get(operation);
  if (source === undefined) return undefined;
  const document = documentOf(source.root);
  const itemPlace = below('#/paths', source.path);
  const item = follow(document, own(asObject(own(document.root, 'paths')), source.path), itemPlace);
  const object = asObject(own(item?.object, source.method));
  if (item === undefined || object === undefined) return undefined;
  const place = below(item.place, source.method);
  const part = (value: Json | undefined, at: Place): Part | undefined => follow(document, value, at);
  const parameters = [
    ...asList(own(item.object, 'parameters')).map((value, index) =>
      part(value, below(below(item.place, 'parameters'), index)),
    ),
    ...asList(own(object, 'parameters')).map((value, index) =>
      part(value, below(below(place, 'parameters'), index)),
    ),
  ].filter((found) => found !== undefined);
  return {
    document,
    place,
    operation: object,
    parameters,
    body: part(own(object, 'requestBody'), below(place, 'requestBody')),
    responses: partsOf(document, own(object, 'responses'), below(place, 'responses')),
  };
}

/** The members of a map by name, references followed. */
export function partsOf(
  document: ApiDocument,
  value: Json | undefined,
  place: Place,
): ReadonlyMap<string, Part> {
  return new Map(
    Object.entries(asObject(value) ?? {}).flatMap(([name, member]): [string, Part][] => {
      const found = name.startsWith('x-') ? undefined : follow(document, member, below(place, name));
      return found === undefined ? [] : [[name, found]];
    }),
  );
}

/** A document of either dialect in the words of 3.x. */
function documentOf(root: JsonObject): ApiDocument {
  const known = documents.get(root);
  if (known !== undefined) return known;
  const main: SourceFile = { path: '', value: root, locate: () => [] };
  const files = new Map([['', main]]);
  const stated = asText(own(root, 'openapi')) ?? '';
  const version = root.swagger !== undefined ? '2.0' : stated.startsWith('3.1') ? '3.1' : '3.0';
  const { document } = upgrade({ version, root, path: '', files, resolve: resolver(files) }, () => {});
  documents.set(root, document);
  return document;
}
