import { API_KEY_LOCATIONS, type CompiledOperation, type CompiledService } from './compiled.ts';
import { type Diagnostics, importError } from './diagnostics.ts';
import type { RootDocument } from './documents.ts';
import { arrayOr, isObject, type JsonObject, objectOr, resolve } from './json.ts';
import { swagger2Backend } from './operations/backends.ts';
import { methodName, type OperationNames } from './operations/names.ts';
import { type HttpRules, operationsOf, type SourceOperation } from './operations/paths.ts';
import { checkQuota, metricsOf } from './operations/quota.ts';
import { checkCircularDefinitions, checkReferences } from './references.ts';
import { validateSwagger2 } from './schema/swagger2.ts';
import {
  type OperationSecurity,
  operationSecurity,
  type SecurityContext,
  swagger2Schemes,
} from './security/security.ts';
import { xSecurity } from './security/x-security.ts';

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'];
const ALLOW_ALL_METHODS = ['get', 'delete', 'patch', 'post', 'put'];

/** What the documents of one config share. */
export interface ImportContext {
  readonly diagnostics: Diagnostics;
  readonly names: OperationNames;
  readonly rules: HttpRules;
}

/**
 * Compiles an OpenAPI 2.0 document (https://cloud.google.com/endpoints/docs/openapi/openapi-extensions).
 * @throws ApiError INVALID_ARGUMENT at once when the document is not valid Swagger 2.0
 */
export function compileSwagger2(
  { file, content }: RootDocument,
  { diagnostics, names, rules }: ImportContext,
): CompiledService {
  const report = validateSwagger2(content);
  if (report) throw importError(`Invalid OpenAPI file. Please fix the schema errors:\n${report}`);
  if (typeof content.host === 'string' && /:\d+$/.test(content.host)) {
    diagnostics.error(`${file}: OpenAPI`, `The 'host' value '${content.host}' must not have a port.`);
  }
  checkReferences(content, file, diagnostics);
  checkCircularDefinitions(content, diagnostics);

  const schemes = swagger2Schemes(content, file, diagnostics);
  const shared = swagger2Backend(
    content['x-google-backend'],
    'root',
    `${file}: x-google-backend`,
    diagnostics,
  );
  const metrics = metricsOf(content['x-google-management']);
  const basePath = String(content.basePath ?? '').replace(/\/$/, '');
  const operations = operationsOf(content, file, METHODS).flatMap((operation): CompiledOperation[] => {
    const { path, method, value, location } = operation;
    const operationId = names.add(value.operationId, file, location);
    const pathTemplate = joinPath(basePath, path);
    rules.check(pathTemplate, operation);
    checkParameters(content, operation, diagnostics);
    checkQuota(operation, metrics, diagnostics);
    const security = securityOf(value, content, location, { schemes, diagnostics, strict: false });
    const own = swagger2Backend(value['x-google-backend'], 'operation', location, diagnostics);
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
  const everything = allowsAll(content, file, diagnostics) ? catchAll(shared) : [];
  return {
    title: String(objectOr(content.info).title),
    allowCors: allowsCors(content, file, diagnostics),
    operations: [...operations, ...everything],
  };
}

/**
 * What an operation says of its callers takes the place of what the document says; but for the key, which the document's
 * `security` still asks for beside an operation's `x-security`.
 */
function securityOf(
  operation: JsonObject,
  document: JsonObject,
  location: string,
  context: SecurityContext,
): OperationSecurity {
  const { schemes, diagnostics } = context;
  const own = xSecurity(operation, location, schemes, diagnostics);
  if (operation.security !== undefined) return operationSecurity(operation.security, location, context, own);
  if (own === undefined) {
    const shared = xSecurity(document, 'OpenAPI', schemes, diagnostics);
    return operationSecurity(document.security, location, context, shared);
  }
  const { apiKeyRequired } = operationSecurity(document.security, location, context);
  return { apiKeyRequired, jwt: [...own.values()] };
}

/** A base path and a path as one; the root path adds nothing to a base path. */
export function joinPath(basePath: string, path: string): string {
  return basePath && path === '/' ? basePath : basePath + path;
}

/** A body must be one message; a query parameter at most a list of plain values. */
function checkParameters(
  document: JsonObject,
  { parameters, value }: SourceOperation,
  diagnostics: Diagnostics,
): void {
  const message = `${methodName(String(value.operationId ?? ''))}Request`;
  const bodies = parameters.filter((parameter) => parameter.in === 'body');
  if (bodies.length > 1)
    diagnostics.error(
      'unknown location',
      `Multiple body parameters are not allowed: ${bodies.map(({ name }) => name).join(', ')}.`,
    );
  for (const { name, schema } of bodies) {
    const body = objectOr(resolve(document, schema));
    const map = isObject(body.additionalProperties) && body.properties === undefined;
    if (map || body.type === 'array')
      diagnostics.error(
        'unknown location',
        `http: body field path '${String(name)}' must be a non-repeated message.`,
      );
  }
  for (const parameter of parameters) {
    if (parameter.in === 'query' && objectOr(parameter.items).type === 'array') {
      diagnostics.error(
        'unknown location',
        `http: repeated message field '${message}.${String(parameter.name)}' referred to by message '${message}' cannot be mapped as an HTTP parameter.`,
      );
    }
  }
}

function allowsAll(document: JsonObject, file: string, diagnostics: Diagnostics): boolean {
  const value = document['x-google-allow'];
  if (value !== undefined && value !== 'all' && value !== 'configured') {
    diagnostics.error(`${file}: x-google-allow`, 'Only allowed values for x-google-allow are all|configured');
  }
  return value === 'all';
}

function allowsCors(document: JsonObject, file: string, diagnostics: Diagnostics): boolean {
  const endpoints = document['x-google-endpoints'];
  const location = `${file}: x-google-endpoints`;
  if (endpoints === undefined) return false;
  if (!Array.isArray(endpoints)) {
    diagnostics.error(
      location,
      'The extension x-google-endpoints does not match the schema. It should be a json array. Please refer to documentation of the extension.',
    );
    return false;
  }
  if (endpoints.length > 1)
    diagnostics.error(location, 'There can be only one endpoint in the extension x-google-endpoints.');
  return arrayOr(endpoints).some((endpoint) => objectOr(endpoint).allowCors === true);
}

/** `x-google-allow: all`: every path there is, open. */
function catchAll(backend: CompiledOperation['backend']): CompiledOperation[] {
  return ALLOW_ALL_METHODS.map((method) => ({
    method: method.toUpperCase(),
    pathTemplate: '/**',
    operationId: `Google_Autogenerated_Unrecognized_${method.charAt(0).toUpperCase()}${method.slice(1)}_Method_Call`,
    backend,
    apiKeyRequired: false,
    apiKeyLocations: API_KEY_LOCATIONS,
    jwt: [],
    allowUnregistered: true,
  }));
}
