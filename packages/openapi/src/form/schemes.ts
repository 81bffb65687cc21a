import { asObject, inWords, type Json, type JsonObject, own } from '../json.ts';
import { type ApiDocument, follow } from '../model/document.ts';
import { below, type Place, ROOT } from '../place.ts';
import { checkFamilies, checkRenamed } from './provider.ts';
import { requiredNames } from './required.ts';
import { quoted, type Say } from './say.ts';
import { SCHEMES_20, SCHEMES_30, SCHEMES_31 } from './scheme-shapes.ts';

/**
 * Checks the security schemes of a document, where its version keeps them. A scheme that is not used counts too, but for
 * one of a type that another version has: people carry those along.
 */
export function checkSchemes(document: ApiDocument, say: Say): void {
  const found = definitionsOf(document, say);
  if (found === undefined) return;
  const { value, place } = found;
  // A section that is empty in YAML; a name that is required all the same is an error of its own.
  if (value === null) return;
  const schemes = asObject(value);
  if (schemes === undefined) {
    const hint = `Write an object of schemes, each by its name:\n${SAMPLE[document.version === '2.0' ? '2.0' : '3']}`;
    say('scheme-form', place, `${place.split('/').at(-1)} is ${quoted(value)}; it must be an object.`, {
      hint,
      doubt: place,
    });
    return;
  }
  const required = requiredNames(document);
  for (const [name, scheme] of Object.entries(schemes)) {
    const at = below(place, name);
    if (!required.has(name) && isForeign(document, scheme)) continue;
    const fault = (where: Place, message: string): void => say('scheme-form', where, message, { doubt: at });
    checkScheme(document, scheme, at, name, fault, say);
  }
}

const SAMPLE = {
  '2.0': 'securityDefinitions:\n  key: {type: apiKey, name: key, in: query}',
  3: 'components:\n  securitySchemes:\n    key: {type: apiKey, name: x-api-key, in: header}',
};

/** The names of the schemes that a document defines, of whatever form they are. */
export function schemeNames({ root, version }: ApiDocument): ReadonlySet<string> {
  const holder = version === '2.0' ? root : asObject(own(root, 'components'));
  const schemes = own(holder, version === '2.0' ? 'securityDefinitions' : 'securitySchemes');
  return new Set(Object.keys(asObject(schemes) ?? {}));
}

/** A scheme as another version of OpenAPI writes it. */
function isForeign({ version }: ApiDocument, value: Json): boolean {
  const scheme = asObject(value);
  if (version === '2.0') return false;
  const type = own(scheme, 'type');
  if (type === 'oauth2') return own(scheme, 'flows') === undefined && typeof own(scheme, 'flow') === 'string';
  return type === 'basic' || type === 'mutualTLS';
}

function definitionsOf(
  { root, version }: ApiDocument,
  say: Say,
): { readonly value: Json; readonly place: Place } | undefined {
  if (version === '2.0') {
    const value = own(root, 'securityDefinitions');
    return value === undefined ? undefined : { value, place: below(ROOT, 'securityDefinitions') };
  }
  const components = own(root, 'components');
  if (components === undefined || components === null) return undefined;
  const place = below(ROOT, 'components');
  if (asObject(components) === undefined) {
    say('scheme-form', place, `components is ${quoted(components)}; it must be an object.`);
    return undefined;
  }
  const value = own(asObject(components), 'securitySchemes');
  return value === undefined ? undefined : { value, place: below(place, 'securitySchemes') };
}

function checkScheme(
  document: ApiDocument,
  value: Json,
  place: Place,
  name: string,
  fault: (place: Place, message: string) => void,
  say: Say,
): void {
  const label = `The security scheme ${name}`;
  const written = asObject(value);
  if (written === undefined) {
    fault(place, `${label} is ${quoted(value)}; it must be an object.`);
    return;
  }
  const found = resolved(document, written, place, label, fault);
  if (found === undefined) return;
  const shapes =
    document.version === '2.0' ? SCHEMES_20 : document.version === '3.0' ? SCHEMES_30 : SCHEMES_31;
  const type = own(found.object, 'type');
  const shape = typeof type === 'string' && Object.hasOwn(shapes, type) ? shapes[type] : undefined;
  if (shape === undefined) {
    const types = Object.keys(shapes).join(', ');
    const says = type === undefined ? 'has no `type`' : `has the type ${quoted(type)}`;
    fault(
      type === undefined ? found.place : below(found.place, 'type'),
      `${label} ${says}; OpenAPI ${document.version} has ${types}.`,
    );
    return;
  }
  shape(found.object, found.place, name, fault);
  checkRenamed(found.object, found.place, name, fault, say);
  checkFamilies(found.object, found.place, name, fault);
}

/** In 3.x, a scheme may stand elsewhere. */
function resolved(
  document: ApiDocument,
  written: JsonObject,
  place: Place,
  label: string,
  fault: (place: Place, message: string) => void,
): { readonly object: JsonObject; readonly place: Place } | undefined {
  const reference = own(written, '$ref');
  if (reference === undefined) return { object: written, place };
  const at = below(place, '$ref');
  if (document.version === '2.0') {
    fault(
      at,
      `${label} is a reference, which OpenAPI 2.0 does not have for a scheme; write the scheme itself.`,
    );
    return undefined;
  }
  if (typeof reference !== 'string') {
    fault(
      at,
      `${label} has the \`$ref\` ${quoted(reference)}; it must be a string such as #/components/securitySchemes/key.`,
    );
    return undefined;
  }
  checkBeside(document, written, place, label, fault);
  const found = follow(document, written, place);
  if (found === undefined)
    fault(at, `${label} refers to ${inWords(reference)}, which is not a security scheme.`);
  return found;
}

/** What stands beside a reference, here and where it leads to another; a summary and a description may. */
function checkBeside(
  document: ApiDocument,
  written: JsonObject,
  place: Place,
  label: string,
  fault: (place: Place, message: string) => void,
): void {
  let [object, at]: [JsonObject | undefined, Place] = [written, place];
  for (let hops = 0; object !== undefined && hops < 64; hops += 1) {
    const reference = own(object, '$ref');
    if (typeof reference !== 'string') return;
    for (const key of Object.keys(object)) {
      if (BESIDE.has(key) || (/^x-/i.test(key) && !/^x-google-/i.test(key))) continue;
      fault(
        below(at, key),
        `${label} has ${JSON.stringify(key)} beside a \`$ref\`, where it has no effect; write it where the reference leads.`,
      );
    }
    [object, at] = [asObject(document.resolve(reference)), reference];
  }
}

const BESIDE = new Set(['$ref', 'summary', 'description', 'deprecated']);
