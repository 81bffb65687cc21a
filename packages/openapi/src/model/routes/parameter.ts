import type { Report } from '../../diagnostic.ts';
import { asList, type Json, type JsonObject, own } from '../../json.ts';
import { below, type Place } from '../../place.ts';
import { type ApiDocument, follow } from '../document.ts';

/** A parameter of an operation or its path, references followed. */
export interface Parameter {
  readonly object: JsonObject;
  readonly place: Place;
  /** What stands in the document: the object itself or a reference to it. */
  readonly written: Json;
}

/** The parameters of an operation and its path; the operation's take the place of the path's. */
export function readParameters(
  document: ApiDocument,
  item: JsonObject,
  itemPlace: Place,
  operation: JsonObject,
  operationPlace: Place,
  report: Report,
): readonly Parameter[] {
  const parameters = new Map<string, Parameter>();
  for (const [holder, holderPlace] of [
    [item, itemPlace],
    [operation, operationPlace],
  ] as const) {
    for (const [index, written] of asList(own(holder, 'parameters')).entries()) {
      const place = below(below(holderPlace, 'parameters'), index);
      const found = follow(document, written, place);
      if (found === undefined) {
        report('reference-not-found', place, 'The parameter refers to nothing.');
        continue;
      }
      const { name, in: where } = found.object;
      if (typeof name !== 'string' || typeof where !== 'string') {
        report('invalid-value', found.place, 'The parameter has no name or no place.');
        continue;
      }
      parameters.set(`${where} ${where === 'header' ? name.toLowerCase() : name}`, { ...found, written });
    }
  }
  return [...parameters.values()];
}
