import { API_KEY_LOCATIONS, type CompiledOperation, type CompiledService } from './compiled.ts';
import { type Diagnostics, importError } from './diagnostics.ts';
import type { RootDocument } from './documents.ts';
import { arrayOr, isObject, type JsonObject, objectOr, resolve } from './json.ts';
import { namedBackend, openapi3Backends } from './operations/backends.ts';
import { operationsOf, type SourceOperation } from './operations/paths.ts';
import { checkQuota, metricsOf } from './operations/quota.ts';
import { checkReferences } from './references.ts';
import { pointerTo, SchemaReport } from './schema/report.ts';
import { validateSecurity, validateSecuritySchemes } from './schema/security.ts';
import {
  ignored,
  isApiKeyPlace,
  jwtLocations,
  operationSecurity,
  type SecurityScheme,
  type SecuritySchemes,
} from './security/security.ts';
import { type ImportContext, joinPath } from './swagger2.ts';

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

/**
 * Compiles an OpenAPI 3.0 or 3.1 document in Google's dialect
 * (https://cloud.google.com/api-gateway/docs/oasv3-extensions).
 * @throws ApiError INVALID_ARGUMENT at once when the document is not valid OpenAPI
 */
export function compileOpenapi3(
  { file, content }: RootDocument,
  { diagnostics, names, rules }: ImportContext,
): CompiledService {
  const report = validate(content);
  if (report) throw importError(`Invalid OpenAPI file. Please fix the schema errors:\n${report}`);
  checkReferences(content, file, diagnostics);
  const backends = managedBackends(content, file, diagnostics);
  const schemes = securitySchemes(content, diagnostics);
  const shared = namedBackend(
    content['x-google-backend'],
    backends,
    `${file}: x-google-backend`,
    diagnostics,
  );
  const metrics = metricsOf(content['x-google-api-management']);
  const endpoint = endpointOf(content, file, diagnostics);
  const operations = operationsOf(content, file, METHODS).flatMap((operation): CompiledOperation[] => {
    const { method, value, location } = operation;
    const operationId = names.add(value.operationId, file, location);
    const pathTemplate = joinPath(endpoint.basePath, withWildcards(operation, diagnostics));
    rules.check(pathTemplate, operation);
    checkQuota(operation, metrics, diagnostics);
    const security = operationSecurity(value.security ?? content.security, location, {
      schemes,
      diagnostics,
      strict: true,
    });
    const own = namedBackend(value['x-google-backend'], backends, location, diagnostics);
    if (operationId === undefined) return [];
    return [
      {
        method: method.toUpperCase(),
        pathTemplate,
        operationId,
        backend: own ?? shared,
        ...security,
        apiKeyLocations: API_KEY_LOCATIONS,
        allowUnregistered: !security.apiKeyRequired,
      },
    ];
  });
  return { title: String(objectOr(content.info).title), allowCors: endpoint.allowCors, operations };
}

function validate(document: JsonObject): string {
  const report = new SchemaReport();
  report.required(document, '', ['info', 'paths']);
  if (document.info !== undefined && report.object(document.info, '/info')) {
    report.required(document.info, '/info', ['title', 'version']);
  }
  if (document.paths !== undefined && report.object(document.paths, '/paths')) {
    for (const [path, item] of Object.entries(document.paths)) {
      if (path.startsWith('x-')) continue;
      if (!path.startsWith('/')) report.only({ [path]: item }, '/paths', []);
      else report.object(item, pointerTo('/paths', path));
    }
  }
  for (const { value, path, method } of operationsOf(document, '', METHODS)) {
    const pointer = pointerTo(pointerTo('/paths', path), method);
    if (String(document.openapi).startsWith('3.0')) report.required(value, pointer, ['responses']);
    validateSecurity(report, value.security, `${pointer}/security`);
  }
  validateSecurity(report, document.security, '/security');
  validateSecuritySchemes(report, document);
  return report.text;
}

function managedBackends(
  document: JsonObject,
  file: string,
  diagnostics: Diagnostics,
): ReturnType<typeof openapi3Backends> {
  const management = document['x-google-api-management'];
  if (isObject(management)) return openapi3Backends(management.backends, file, diagnostics);
  diagnostics.error(
    `${file}: OpenAPI`,
    'Extension x-google-api-management must be set at the root of the OpenAPI document.',
  );
  return new Map();
}

/** Only the one server that carries `x-google-endpoint` says where the API is. */
function endpointOf(
  document: JsonObject,
  file: string,
  diagnostics: Diagnostics,
): { basePath: string; allowCors: boolean } {
  const location = `${file}: x-google-endpoint`;
  const servers = arrayOr(document.servers)
    .filter(isObject)
    .filter((server) => server['x-google-endpoint'] !== undefined);
  if (servers.length > 1)
    diagnostics.error(location, 'Extension x-google-endpoint can be set on only one server.');
  const [server] = servers;
  if (!server) return { basePath: '', allowCors: false };
  const url = String(server.url ?? '');
  const path = URL.canParse(url) ? new URL(url).pathname : url;
  if (!path.startsWith('/'))
    diagnostics.error(location, `Server URL '${url}' is relative and must start with '/'.`);
  return {
    basePath: path.replace(/\/$/, ''),
    allowCors: objectOr(server['x-google-endpoint']).allowCors === true,
  };
}

/** `x-google-parameter: {pattern: '**'}` takes the place of 2.0's `{name=**}`, which 3.x refuses. */
function withWildcards({ path, parameters, location }: SourceOperation, diagnostics: Diagnostics): string {
  if (/\{[^}]*=/.test(path))
    diagnostics.error(
      location,
      `Path '${path}' must not use the '{var=pattern}' syntax. Use x-google-parameter instead.`,
    );
  return parameters.reduce((template, parameter) => {
    const { pattern } = objectOr(parameter['x-google-parameter']);
    if (parameter.in !== 'path' || pattern === undefined) return template;
    if (pattern !== '**')
      diagnostics.error(
        location,
        `Extension x-google-parameter does not have a valid value. pattern '${String(pattern)}' is not supported.`,
      );
    return template.replace(`{${String(parameter.name)}}`, `{${String(parameter.name)}=**}`);
  }, path);
}

function securitySchemes(document: JsonObject, diagnostics: Diagnostics): SecuritySchemes {
  const schemes = Object.entries(objectOr(objectOr(document.components).securitySchemes));
  return new Map(
    schemes.map(([name, value]) => [
      name,
      securityScheme(name, objectOr(resolve(document, value)), diagnostics),
    ]),
  );
}

function securityScheme(name: string, scheme: JsonObject, diagnostics: Diagnostics): SecurityScheme {
  if (scheme.type === 'apiKey' && isApiKeyPlace(scheme)) return { kind: 'apiKey' };
  if (scheme.type !== 'oauth2' && scheme.type !== 'openIdConnect') return ignored(diagnostics, name, scheme);
  const auth = objectOr(scheme['x-google-auth']);
  return {
    kind: 'jwt',
    provider: {
      // Without an issuer no token is accepted: the operation stays closed.
      issuer: typeof auth.issuer === 'string' ? auth.issuer : '',
      jwksUri: typeof auth.jwksUri === 'string' ? auth.jwksUri : undefined,
      audiences: arrayOr(auth.audiences).map(String),
      locations: jwtLocations(auth.jwtLocations, 'valuePrefix'),
    },
  };
}
