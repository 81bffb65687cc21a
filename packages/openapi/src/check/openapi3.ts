import { asList, asObject, asText, inWords, type Json, type JsonObject, own } from '../json.ts';
import { below } from '../place.ts';
import { CAMEL, checkBackend, checkExtensions } from './extensions.ts';
import { visitReferences } from './references.ts';
import { checkRoutes, checkSecurity, checkVariables } from './routes.ts';
import { type Violate, type Violation, violationsOf } from './violation.ts';

/**
 * Checks an emitted OpenAPI 3 document by Google's rules for its extensions, paths and security
 * (https://cloud.google.com/api-gateway/docs/oasv3-extensions). It presumes a valid OpenAPI document.
 */
export function checkOpenapi3(root: JsonObject): readonly Violation[] {
  return violationsOf((violate) => {
    const components = asObject(own(root, 'components'));
    const schemes = asObject(own(components, 'securitySchemes')) ?? {};
    const backends = checkBackends(root, violate);
    checkBackendName(root, '#', backends, violate);
    for (const operation of checkRoutes(root, false, violate)) {
      const parameters = asList(own(operation.operation, 'parameters')).map((value) => resolve(root, value));
      checkVariables(operation, parameters, violate);
      checkPathTypes(root, operation.place, parameters, violate);
      checkSecurity(
        own(operation.operation, 'security') ?? own(root, 'security'),
        operation.place,
        schemes,
        violate,
      );
      checkBackendName(operation.operation, operation.place, backends, violate);
      if (
        own(operation.operation, 'x-google-backend') === undefined &&
        own(root, 'x-google-backend') === undefined
      ) {
        violate('no-backend', operation.place, 'The operation has no backend.');
      }
    }
    checkSchemes(schemes, violate);
    checkServers(root, violate);
    checkReferences(root, violate);
    checkExtensions(root, violate);
    for (const key of OF_20)
      if (own(root, key) !== undefined) violate('extension', `#/${key}`, 'Not for OpenAPI 3.');
  });
}

/** Extensions that OpenAPI 3 has other words for. */
const OF_20 = [
  'x-google-allow',
  'x-google-api-name',
  'x-google-endpoints',
  'x-google-management',
  'x-security',
];

function checkReferences(root: JsonObject, violate: Violate): void {
  const known = new Map<string, string | undefined>();
  const faultOf = (reference: string): string | undefined => {
    if (!reference.startsWith('#/')) return `${reference} leads out of the document.`;
    return lookUp(root, reference) === undefined ? `${reference} does not exist.` : undefined;
  };
  visitReferences(root, '#', (reference, place) => {
    if (!known.has(reference)) known.set(reference, faultOf(reference));
    const fault = known.get(reference);
    if (fault !== undefined) violate('reference', place(), fault);
  });
}

/** A path variable is one field of a message, so neither a list nor an object can be one. */
function checkPathTypes(
  root: JsonObject,
  place: string,
  parameters: readonly JsonObject[],
  violate: Violate,
): void {
  for (const parameter of parameters) {
    if (parameter.in !== 'path') continue;
    const { type } = resolve(root, own(parameter, 'schema') ?? {});
    const composite = [type].flat().some((name) => name === 'array' || name === 'object');
    if (composite)
      violate('parameter', place, `${inWords(parameter.name)}: repeated field not allowed in a path.`);
  }
}

function checkBackends(root: JsonObject, violate: Violate): JsonObject {
  const place = '#/x-google-api-management';
  const management = asObject(own(root, 'x-google-api-management'));
  const backends = asObject(own(management, 'backends'));
  if (backends === undefined) violate('backend', place, 'x-google-api-management.backends is required.');
  for (const [name, value] of Object.entries(backends ?? {})) {
    const backend = asObject(value) ?? {};
    const at = below(below(place, 'backends'), name);
    checkBackend(backend, CAMEL, at, violate);
    const ways = [backend.jwtAudience, backend.disableAuth].filter((way) => way !== undefined);
    if (ways.length !== 1) violate('backend', at, 'A backend needs one of jwtAudience and disableAuth.');
  }
  return backends ?? {};
}

function checkBackendName(holder: JsonObject, place: string, backends: JsonObject, violate: Violate): void {
  const name = own(holder, 'x-google-backend');
  if (name === undefined || (typeof name === 'string' && own(backends, name) !== undefined)) return;
  violate(
    'backend',
    below(place, 'x-google-backend'),
    `${JSON.stringify(name)} is not defined in x-google-api-management.`,
  );
}

function checkSchemes(schemes: JsonObject, violate: Violate): void {
  for (const [name, value] of Object.entries(schemes)) {
    const place = below('#/components/securitySchemes', name);
    const scheme = asObject(value) ?? {};
    if (scheme.type === 'apiKey') {
      if (scheme.name !== 'x-api-key' || scheme.in !== 'header')
        violate('scheme', place, `${name} is not looked for.`);
    } else if (scheme.type !== 'oauth2' && scheme.type !== 'openIdConnect') {
      violate('scheme', place, `${inWords(scheme.type)} is not supported.`);
    } else if (asText(asObject(own(scheme, 'x-google-auth'))?.issuer) === undefined) {
      violate('scheme', place, `${name} has no x-google-auth.`);
    }
  }
}

function checkServers(root: JsonObject, violate: Violate): void {
  const servers = asList(own(root, 'servers'));
  const marked = servers.filter((server) => own(asObject(server), 'x-google-endpoint') !== undefined);
  if (marked.length > 1) violate('servers', '#/servers', 'More than one x-google-endpoint.');
}

function resolve(root: JsonObject, value: Json): JsonObject {
  const object = asObject(value) ?? {};
  const reference = asText(object.$ref);
  return reference === undefined ? object : (asObject(lookUp(root, reference)) ?? {});
}

function lookUp(root: JsonObject, reference: string): Json | undefined {
  const keys = reference
    .slice(2)
    .split('/')
    .map((key) => decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~'));
  return keys.reduce<Json | undefined>((value, key) => {
    return Array.isArray(value) ? value[Number(key)] : own(asObject(value), key);
  }, root);
}
