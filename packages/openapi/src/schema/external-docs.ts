import type { Report } from '../diagnostic.ts';
import { asObject, asText, type Json, type JsonObject, own } from '../json.ts';
import { reportLost, words } from '../model/losses.ts';
import type { Place } from '../place.ts';

/** External documentation as the official schema takes it: a URL, and nothing but a description beside it. */
export function externalDocs(value: Json | undefined, place: Place, report: Report): JsonObject | undefined {
  if (value === undefined) return undefined;
  const object = asObject(value);
  const url = asText(object?.url);
  if (object === undefined || url === undefined || !isUrl(url)) {
    report('invalid-value', place, 'The external documentation has no URL.');
    return undefined;
  }
  reportLost(object, words('description url'), 'the external documentation', place, report, 'lost');
  return pick(object, { description: 'string', url: 'string' });
}

/** Whether a text is an absolute URL. */
export function isUrl(text: string): boolean {
  return (
    /^[a-z][a-z0-9+.-]*:\/\/[^\s"<>\\^`{|}]+$/i.test(text) && !/%(?![0-9a-f]{2})/i.test(text) && isAscii(text)
  );
}

function isAscii(text: string): boolean {
  return [...text].every((char) => char.charCodeAt(0) < 128);
}

/** The fields of an object that have the type they must have. */
export function pick(object: JsonObject, fields: Readonly<Record<string, 'string' | 'boolean'>>): JsonObject {
  return Object.fromEntries(
    Object.keys(fields).flatMap((key) => {
      const value = own(object, key);
      return value !== undefined && typeof value === fields[key] ? [[key, value]] : [];
    }),
  );
}
