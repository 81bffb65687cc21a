import type { Report } from '../../diagnostic.ts';
import { asObject, asText, extensionsOf, type JsonObject, own, versionOf } from '../../json.ts';
import type { ApiDocument } from '../../model/document.ts';
import { below, type Place, ROOT } from '../../place.ts';
import { isUrl } from '../../schema/external-docs.ts';

/** `info` with what Swagger 2.0 knows of it; Google's importer allows nothing else in contact and license. */
export function convertInfo(document: ApiDocument, report: Report): JsonObject {
  const place = below(ROOT, 'info');
  const info = asObject(own(document.root, 'info')) ?? {};
  const contact = choose(info, 'contact', { name: isText, url: isUrl, email: isEmail }, place, report);
  const license = choose(info, 'license', { name: isText, url: isUrl }, place, report);
  if (info.summary !== undefined)
    report('field-dropped', below(place, 'summary'), 'Swagger 2.0 has no info.summary.');
  return {
    title: asText(info.title) ?? 'API',
    ...(typeof info.description === 'string' ? { description: info.description } : {}),
    ...(typeof info.termsOfService === 'string' ? { termsOfService: info.termsOfService } : {}),
    ...(contact === undefined ? {} : { contact }),
    ...(license?.name === undefined ? {} : { license }),
    version: versionOf(info),
    ...extensionsOf(info),
  };
}

function choose(
  info: JsonObject,
  key: string,
  fields: Readonly<Record<string, (text: string) => boolean>>,
  place: Place,
  report: Report,
): JsonObject | undefined {
  const object = asObject(own(info, key));
  if (object === undefined) return undefined;
  const kept: JsonObject = {};
  for (const [name, accepts] of Object.entries(fields)) {
    const value = asText(own(object, name));
    if (value !== undefined && accepts(value)) kept[name] = value;
  }
  const lost = Object.keys(object).filter((name) => !Object.hasOwn(kept, name));
  if (lost.length > 0) {
    report('field-dropped', below(place, key), `Of the ${key}, ${lost.join(', ')} cannot be kept.`);
  }
  return Object.keys(kept).length === 0 ? undefined : kept;
}

function isText(): boolean {
  return true;
}

function isEmail(text: string): boolean {
  return /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/.test(text);
}
