import { collector, type Finding } from '../diagnostic.ts';
import { asList, asObject, type Json, type JsonObject, own } from '../json.ts';
import type { ApiDocument } from '../model/document.ts';
import { below, type Place, ROOT } from '../place.ts';
import {
  checkGoogleItem,
  checkGoogleOperation,
  checkGoogleParameter,
  checkGoogleRoot,
  checkGoogleServer,
} from './google/google.ts';
import { metricsOf } from './google/references.ts';
import { itemsOf, METHODS, type WrittenItem } from './items.ts';
import { checkKeys } from './keys.ts';
import { checkRequirements, checkSecurity } from './requirements.ts';
import type { Say } from './say.ts';
import { checkSchemes, schemeNames } from './schemes.ts';
import { checkStrays } from './strays.ts';

/** What a document says of protection in a form that nobody can be sure of. */
export interface Form {
  /** All of them errors. */
  readonly findings: readonly Finding[];
  readonly doubts: Doubts;
}

/** Whether the protection of an operation, of a scheme or of the root (`#/security`) is in doubt, by its place. */
export type Doubts = (place: Place) => boolean;

/** Where the root's `security` stands, whether it is there or only meant to be. */
export const ROOT_SECURITY: Place = below(ROOT, 'security');

/**
 * Checks the form of everything in a document that decides who may call an operation: `security`, security schemes,
 * Google's extensions, and keys that look like one of them where nobody reads them. The document is looked at as it was
 * written, before anything is translated, because what reads it later takes a wrong form for nothing at all.
 */
export function checkForm(document: ApiDocument): Form {
  const { report, findings } = collector();
  const doubted = new Set<Place>();
  const known = new Set<Place>();
  const say: Say = (code, place, message, { hint, doubt } = {}) => {
    report(code, place, message, hint);
    if (code.startsWith('security-')) known.add(place);
    if (doubt !== undefined) doubted.add(doubt);
  };
  checkRoot(document, say);
  checkSchemes(document, say);
  const names = { schemes: schemeNames(document), metrics: metricsOf(document.root) };
  for (const item of itemsOf(document)) checkItem(document, item, names, say);
  checkStrays(document, known, ROOT_SECURITY, say);
  const doubts = (place: Place): boolean => doubted.has(place) || doubted.has(parentOf(place));
  return { findings, doubts };
}

function parentOf(place: Place): Place {
  return place.slice(0, Math.max(place.lastIndexOf('/'), 0));
}

const NOTHING: ReadonlySet<string> = new Set();
/** Extensions of either dialect: what one cannot say, the other is translated to. */
const ROOT_KEYS = [
  'security',
  'x-security',
  'x-google-allow',
  'x-google-api-name',
  'x-google-backend',
  'x-google-endpoints',
  'x-google-management',
  'x-google-api-management',
];
const READ = {
  root20: new Set([...ROOT_KEYS, 'securityDefinitions']),
  root3: new Set(ROOT_KEYS),
  components: new Set(['securitySchemes']),
  item: new Set(['x-google-backend']),
  operation: new Set(['security', 'x-security', 'x-google-backend', 'x-google-quota', 'x-google-mcp-tool']),
  parameter: 'x-google-parameter',
  idle20: NOTHING,
  // 3.x has no `x-security`, so that where it could never protect it is somebody else's.
  idle3: new Set(['x-security']),
};

/** What may stand where nothing protects: in a response, a tag and their like. */
function idle({ version }: ApiDocument): ReadonlySet<string> {
  return version === '2.0' ? READ.idle20 : READ.idle3;
}

function checkRoot(document: ApiDocument, say: Say): void {
  const { root, version } = document;
  const doubt = ROOT_SECURITY;
  const read = version === '2.0' ? READ.root20 : READ.root3;
  checkKeys(root, { label: 'The document', place: ROOT, doubt, read, schemes: schemeNames(document) }, say);
  checkRequirements(document, root, { label: 'the document', place: ROOT, doubt }, say);
  checkGoogleRoot(root, say);
  checkMcp(document, say);
  for (const [key, reads] of [
    ['info', idle(document)],
    ['components', version === '2.0' ? NOTHING : READ.components],
    ['paths', NOTHING],
    ['securitySchemes', NOTHING],
  ] as const) {
    const object = asObject(own(root, key));
    // A path and its like is a name, whatever it looks like.
    const named = Object.fromEntries(Object.entries(object ?? {}).filter(([name]) => !name.startsWith('/')));
    checkKeys(named, { label: `The section ${key}`, place: below(ROOT, key), doubt, read: reads }, say);
  }
  checkServers(document, root, ROOT, doubt, say);
  checkShared(document, say);
  asList(own(root, 'tags')).forEach((tag, index) => {
    const place = below(below(ROOT, 'tags'), index);
    checkKeys(asObject(tag) ?? {}, { label: 'A tag', place, doubt, read: idle(document) }, say);
  });
}

/** Parameters that operations refer to. */
function checkShared({ root, version }: ApiDocument, say: Say): void {
  const holder = version === '2.0' ? root : asObject(own(root, 'components'));
  const place = below(version === '2.0' ? ROOT : below(ROOT, 'components'), 'parameters');
  for (const [name, parameter] of Object.entries(asObject(own(holder, 'parameters')) ?? {}))
    checkGoogleParameter(parameter, below(place, name), say);
}

/** What a caller must show to list the tools of `x-google-api-management.mcp` are requirements as everywhere. */
function checkMcp(document: ApiDocument, say: Say): void {
  const management = asObject(own(document.root, 'x-google-api-management'));
  const tools = asObject(own(asObject(own(management, 'mcp')), 'tools-list'));
  const security = own(tools, 'security');
  if (security === undefined) return;
  const place = '#/x-google-api-management/mcp/tools-list/security';
  checkSecurity(
    document,
    security,
    place,
    { label: 'mcp.tools-list', place, doubt: '#/x-google-api-management/mcp/tools-list' },
    say,
  );
}

/** What a document defines, for those who refer to it. */
interface Names {
  readonly schemes: ReadonlySet<string>;
  readonly metrics: ReadonlySet<string>;
}

function checkItem(
  document: ApiDocument,
  { path, object, place, doubt, beside }: WrittenItem,
  { schemes, metrics }: Names,
  say: Say,
): void {
  const spot = { label: `The path ${path}`, place, doubt, read: READ.item, schemes };
  checkKeys(object, spot, say);
  if (beside) checkBeside(object, path, place, doubt, say);
  checkGoogleItem(object, place, say);
  checkServers(document, object, place, doubt, say);
  checkParameters(object, place, doubt, idle(document), say);
  for (const method of METHODS) {
    const operation = asObject(own(object, method));
    if (operation === undefined) continue;
    const at = below(place, method);
    const label = `${method.toUpperCase()} ${path}`;
    checkKeys(operation, { label, place: at, doubt: at, read: READ.operation, schemes }, say);
    checkRequirements(document, operation, { label, place: at, doubt: at }, say);
    checkGoogleOperation(operation, at, label, metrics, say);
    checkServers(document, operation, at, at, say);
    checkParameters(operation, at, at, idle(document), say);
    for (const key of ['responses', 'requestBody', 'externalDocs'])
      checkBelow(operation, key, at, label, idle(document), say);
    for (const [code, response] of Object.entries(asObject(own(operation, 'responses')) ?? {}))
      checkBelow(
        { [code]: response },
        code,
        below(at, 'responses'),
        `The response ${code} of ${label}`,
        idle(document),
        say,
        at,
      );
  }
}

/** An operation beside a path's reference is no longer there once the reference is followed. */
function checkBeside(object: JsonObject, path: string, place: Place, doubt: Place, say: Say): void {
  for (const key of [...METHODS, 'parameters', 'servers']) {
    if (own(object, key) === undefined) continue;
    say(
      'beside-reference',
      below(place, key),
      `The path ${path} has \`${key}\` beside a \`$ref\`, where it has no effect.`,
      { doubt },
    );
  }
}

function checkBelow(
  holder: JsonObject,
  key: string,
  place: Place,
  label: string,
  read: ReadonlySet<string>,
  say: Say,
  doubt: Place = place,
): void {
  const object = asObject(own(holder, key));
  if (object === undefined) return;
  checkKeys(
    object,
    { label: doubt === place ? `${key} of ${label}` : label, place: below(place, key), doubt, read },
    say,
  );
}

function checkParameters(
  holder: JsonObject,
  place: Place,
  doubt: Place,
  read: ReadonlySet<string>,
  say: Say,
): void {
  asList(own(holder, 'parameters')).forEach((parameter, index) => {
    const at = below(below(place, 'parameters'), index);
    const keys = new Set([READ.parameter, ...read]);
    checkKeys(asObject(parameter) ?? {}, { label: 'A parameter', place: at, doubt, read: keys }, say);
    checkGoogleParameter(parameter, at, say);
  });
}

function checkServers(document: ApiDocument, holder: JsonObject, place: Place, doubt: Place, say: Say): void {
  const read = new Set(['x-google-endpoint', ...idle(document)]);
  asList(own(holder, 'servers')).forEach((server: Json, index) => {
    const at = below(below(place, 'servers'), index);
    checkKeys(asObject(server) ?? {}, { label: 'A server', place: at, doubt, read }, say);
    checkGoogleServer(server, at, say);
  });
}
