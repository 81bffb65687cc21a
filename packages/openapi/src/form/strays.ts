import { asObject, type Json, type JsonObject } from '../json.ts';
import type { ApiDocument } from '../model/document.ts';
import { below, type Place, ROOT } from '../place.ts';
import { itemsOf, METHODS } from './items.ts';
import { checkKeys } from './keys.ts';
import type { Say } from './say.ts';
import { schemeNames } from './schemes.ts';

/** What an object is, as far as it matters for what its keys mean. */
type Kind =
  | 'other'
  /** Its keys are names, and what they name is of the second kind. */
  | 'names'
  | 'items'
  | 'item'
  | 'operation'
  | 'callbacks'
  | 'links'
  | 'link';

/**
 * Refuses requirements anywhere else in a document and its files: a key that looks like `security`, below which stand
 * names of the document's schemes. Going by what the key holds, it leaves alone a property, a header or an example that
 * only has that name. `known` are the places of which something was said already.
 */
export function checkStrays(document: ApiDocument, known: ReadonlySet<Place>, root: Place, say: Say): void {
  const schemes = schemeNames(document);
  const items = new Set(itemsOf(document).map(({ place }) => place));
  const operations = new Set([...items].flatMap((place) => METHODS.map((method) => below(place, method))));

  const visit = (value: Json, place: Place, kind: Kind, doubt: Place): void => {
    if (typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) {
      value.forEach((item, index) => {
        visit(item, below(place, index), 'other', doubt);
      });
      return;
    }
    for (const [key, member] of Object.entries(value)) {
      if (typeof member !== 'object' || member === null) continue;
      const named = isNames(kind);
      if (!named && isData(kind, key)) continue;
      const at = below(place, key);
      // Of a name, a list is never what it names.
      const asks = asksFor(member, schemes) || (key === 'security' && areRequirements(member));
      if ((!named || Array.isArray(member)) && asks) {
        const isRead = key === 'security' && (kind === 'operation' || isRootOrTools(place, value));
        if (!isRead && !known.has(at) && !key.startsWith('x-'))
          checkKeys({ [key]: member }, { label: labelOf(place), place, doubt, read: NOTHING }, say);
        if (!named) continue;
      }
      const next = kindOf(kind, key, at, member);
      visit(member, at, next, items.has(at) || operations.has(at) ? at : doubt);
    }
  };

  const kindOf = (kind: Kind, key: string, at: Place, member: JsonObject | Json[]): Kind => {
    if (operations.has(at)) return 'operation';
    if (kind === 'items') return 'item';
    if (kind === 'callbacks') return 'items';
    if (kind === 'links') return 'link';
    if (kind === 'names') return 'other';
    // Of a file that is referred to, only parts are known.
    const mayHold = kind === 'item' || (!at.startsWith(ROOT) && Object.hasOwn(member, 'responses'));
    if (METHODS.includes(key) && mayHold) return 'operation';
    return NAMES.get(key) ?? 'other';
  };

  for (const [name, file] of document.files) visit(file.value, `${name}#`, 'other', root);
}

const NOTHING: ReadonlySet<string> = new Set();

/** Keys whose value maps names to things. */
const NAMES: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ...[
    'properties',
    'patternProperties',
    'dependentSchemas',
    '$defs',
    'definitions',
    'schemas',
    'responses',
    'parameters',
    'requestBodies',
    'headers',
    'securitySchemes',
    'securityDefinitions',
    'content',
    'encoding',
    'variables',
    'backends',
  ].map((key) => [key, 'names'] as const),
  ['paths', 'items'],
  ['webhooks', 'items'],
  ['pathItems', 'items'],
  ['callbacks', 'callbacks'],
  ['links', 'links'],
]);

function isNames(kind: Kind): boolean {
  return kind === 'names' || kind === 'items' || kind === 'callbacks' || kind === 'links';
}

/** Keys below which anything may stand: the data of an API, lists of properties, and other people's extensions. */
function isData(kind: Kind, key: string): boolean {
  if (kind === 'link' && (key === 'parameters' || key === 'requestBody')) return true;
  return DATA.has(key) || (key.startsWith('x-') && !key.startsWith('x-google-'));
}

const DATA = new Set([
  'example',
  'examples',
  'default',
  'enum',
  'const',
  'value',
  'required',
  'dependencies',
  'dependentRequired',
  'scopes',
]);

/** Where `security` is read outside operations: at the root of a document, and for the tools of MCP. */
function isRootOrTools(place: Place, holder: JsonObject): boolean {
  const isRoot =
    place.endsWith('#') && (Object.hasOwn(holder, 'openapi') || Object.hasOwn(holder, 'swagger'));
  return isRoot || place === '#/x-google-api-management/mcp/tools-list';
}

/** Whether a value asks for schemes, be it in a wrong form: in a list of objects or of names, or in one object. */
function asksFor(value: JsonObject | Json[], schemes: ReadonlySet<string>): boolean {
  const names = (item: Json): readonly string[] =>
    typeof item === 'string' ? [item] : Object.keys(asObject(item) ?? {});
  const isScheme = (name: string): boolean => schemes.has(name);
  if (Array.isArray(value)) return value.flatMap(names).some(isScheme);
  return Object.keys(value).some(isScheme) && Object.values(value).every(Array.isArray);
}

/** Whether a value has the form of requirements, whether or not the schemes that it names are there. */
function areRequirements(value: JsonObject | Json[]): boolean {
  if (!Array.isArray(value) || value.length === 0) return false;
  return value.every((item) => {
    const lists = Object.values(asObject(item) ?? {});
    return lists.length > 0 && lists.every(Array.isArray);
  });
}

function labelOf(place: Place): string {
  return `The object at ${place.startsWith(ROOT) ? place.slice(1) || 'the root' : place}`;
}
