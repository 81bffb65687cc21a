import { asList, asObject, asText, type Json, type JsonObject, own } from '../json.ts';
import { below } from '../place.ts';
import { circularDefinitions, standsForAnother } from './circular.ts';
import { checkBackend20, checkExtensions } from './extensions.ts';
import { visitReferences } from './references.ts';
import { type CheckedOperation, checkRoutes, checkSecurity, checkVariables } from './routes.ts';
import { type Violate, type Violation, violationsOf } from './violation.ts';

export type { Violation };

/**
 * Checks an emitted Swagger 2.0 document by the rules of Google's importer that go beyond the official schema
 * (https://github.com/googleapis/api-compiler; https://cloud.google.com/api-gateway/docs/openapi-limitations).
 * It presumes a document that is valid by that schema.
 */
export function checkSwagger2(root: JsonObject): readonly Violation[] {
  return violationsOf((violate) => {
    const schemes = asObject(own(root, 'securityDefinitions')) ?? {};
    checkBackend20(root, '#', violate);
    for (const operation of checkRoutes(root, true, violate)) {
      checkParameters(operation, root, violate);
      checkResponses(operation, violate);
      checkBackend20(operation.operation, operation.place, violate);
      const security = own(operation.operation, 'security') ?? own(root, 'security');
      checkSecurity(security, operation.place, schemes, violate);
    }
    checkSchemes(schemes, violate);
    checkReferences(root, violate);
    checkDefinitions(root, violate);
    checkHead(root, violate);
    checkExtensions(root, violate);
  });
}

function checkParameters(operation: CheckedOperation, root: JsonObject, violate: Violate): void {
  const place = below(operation.place, 'parameters');
  const parameters = asList(own(operation.operation, 'parameters')).map((value) => asObject(value) ?? {});
  checkVariables(operation, parameters, violate);
  const bodies = parameters.filter((parameter) => parameter.in === 'body');
  const forms = parameters.filter((parameter) => parameter.in === 'formData');
  if (bodies.length > 1 || (bodies.length > 0 && forms.length > 0))
    violate('body', place, 'More than one body.');
  for (const [index, parameter] of parameters.entries()) {
    const at = below(place, index);
    if (parameter.in === 'body') checkBody(parameter, at, root, violate);
    else checkPlain(parameter, at, violate);
  }
}

/** Google maps other parameters to fields of a message: a repeated one may not repeat inside, nor stand in a path. */
function checkPlain(parameter: JsonObject, place: string, violate: Violate): void {
  const say = (what: string): void =>
    violate('parameter', place, `${what} cannot be mapped as an HTTP parameter.`);
  const items = asObject(own(parameter, 'items'));
  if (parameter.type === undefined || parameter.type === 'object') say('An object');
  if (parameter.type === 'file') say('A file');
  if (parameter.type === 'array' && parameter.in === 'path') say('A list in a path');
  if (parameter.type === 'array' && (items === undefined || items.type === 'array')) say('A list of lists');
  if (items !== undefined && Object.keys(items).some((key) => key.startsWith('x-')))
    say('An extension in items');
}

function checkBody(parameter: JsonObject, place: string, root: JsonObject, violate: Violate): void {
  let schema = asObject(own(parameter, 'schema')) ?? {};
  for (let hops = 0; typeof schema.$ref === 'string' && hops < 32; hops += 1) {
    schema = definitionAt(root, schema.$ref) ?? {};
  }
  const scalar = typeof schema.type === 'string' && schema.type !== 'object';
  if (scalar || standsForAnother(schema)) violate('body', place, 'A body must be a non-repeated message.');
}

function definitionAt(root: JsonObject, reference: string): JsonObject | undefined {
  return asObject(own(asObject(own(root, 'definitions')), reference.replace('#/definitions/', '')));
}

const MEDIA_TYPE = /^[a-z0-9-]+\/[a-z0-9\-+]+$/;

function checkResponses(operation: CheckedOperation, violate: Violate): void {
  for (const [code, value] of Object.entries(asObject(own(operation.operation, 'responses')) ?? {})) {
    const place = below(below(operation.place, 'responses'), code);
    const response = asObject(value) ?? {};
    const headers = Object.values(asObject(own(response, 'headers')) ?? {});
    if (hasExtension(response) || headers.some((header) => hasExtension(asObject(header) ?? {}))) {
      violate('response-extension', place, 'Responses and headers have no extensions.');
    }
    if (asObject(own(response, 'schema'))?.type === 'file')
      violate('response-file', place, 'A response is no file.');
    for (const media of Object.keys(asObject(own(response, 'examples')) ?? {})) {
      if (!MEDIA_TYPE.test(media)) violate('response-example', place, `An example of ${media} is refused.`);
    }
  }
}

function hasExtension(object: JsonObject): boolean {
  return Object.keys(object).some((key) => key.startsWith('x-'));
}

function checkSchemes(schemes: JsonObject, violate: Violate): void {
  for (const [name, value] of Object.entries(schemes)) {
    const place = below('#/securityDefinitions', name);
    const scheme = asObject(value) ?? {};
    if (scheme.type === 'basic') violate('scheme', place, "Security Schema 'basic' is not supported.");
    if (scheme.type === 'apiKey' && (scheme.name !== 'key' || scheme.in !== 'query')) {
      violate('scheme', place, `apiKey '${name}' is ignored.`);
    }
    if (scheme.type === 'oauth2' && asText(own(scheme, 'x-google-issuer')) === undefined) {
      violate('scheme', place, `${name} has no x-google-issuer.`);
    }
  }
}

function checkReferences(root: JsonObject, violate: Violate): void {
  const known = new Map<string, string | undefined>();
  const faultOf = (reference: string): string | undefined => {
    if (!reference.startsWith('#/definitions/')) return `${reference} is no definition.`;
    return definitionAt(root, reference) === undefined ? `${reference} does not exist.` : undefined;
  };
  visitReferences(root, '#', (reference, place) => {
    if (!known.has(reference)) known.set(reference, faultOf(reference));
    const fault = known.get(reference);
    if (fault !== undefined) violate('reference', place(), fault);
  });
}

/** The importer runs patterns with an engine of ECMAScript 5: groups of other kinds and Unicode classes it refuses. */
function isOldPattern(pattern: string): boolean {
  const newer = /\(\?[^:=!]|\\[AZzpPk]/.test(pattern);
  return !newer && compiles(pattern);
}

function compiles(pattern: string): boolean {
  try {
    return new RegExp(pattern) !== undefined;
  } catch {
    return false;
  }
}

function checkDefinitions(root: JsonObject, violate: Violate): void {
  const definitions = asObject(own(root, 'definitions')) ?? {};
  for (const name of circularDefinitions(definitions)) {
    violate(
      'circular',
      below('#/definitions', name),
      `Invalid circular reference detected for type '${name}'.`,
    );
  }
  const visit = (value: Json, place: string): void => {
    const schema = asObject(value);
    if (schema === undefined) return;
    const pattern = own(schema, 'pattern');
    if (typeof pattern === 'string' && !isOldPattern(pattern))
      violate('pattern', place, `${pattern} is refused.`);
    for (const [name, property] of Object.entries(asObject(own(schema, 'properties')) ?? {})) {
      visit(property, below(below(place, 'properties'), name));
    }
    for (const key of ['items', 'additionalProperties']) visit(own(schema, key) ?? null, below(place, key));
    for (const part of asList(own(schema, 'allOf'))) visit(part, below(place, 'allOf'));
  };
  for (const [name, schema] of Object.entries(definitions)) visit(schema, below('#/definitions', name));
}

function checkHead(root: JsonObject, violate: Violate): void {
  if (asText(own(root, 'host'))?.includes(':') === true)
    violate('host', '#/host', 'A port in host is refused.');
  const info = asObject(own(root, 'info')) ?? {};
  for (const key of ['contact', 'license']) {
    if (hasExtension(asObject(own(info, key)) ?? {}))
      violate('info-extension', `#/info/${key}`, `${key} has no extensions.`);
  }
}
