import { isObject, type JsonObject } from '../json.ts';
import { pointerTo, SchemaReport } from './report.ts';
import { validateSecurity } from './security.ts';
import {
  validateParameter as parameter,
  validateParameters as parameters,
  validateSchema as schema,
} from './swagger2-values.ts';

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'];
const ROOT = [
  'swagger',
  'info',
  'host',
  'basePath',
  'schemes',
  'consumes',
  'produces',
  'paths',
  'definitions',
  'parameters',
  'responses',
  'security',
  'securityDefinitions',
  'tags',
  'externalDocs',
];
const OPERATION = [
  'tags',
  'summary',
  'description',
  'externalDocs',
  'operationId',
  'produces',
  'consumes',
  'parameters',
  'responses',
  'schemes',
  'deprecated',
  'security',
];
const RESPONSE = ['description', 'schema', 'headers', 'examples'];
const FLOWS: Readonly<Record<string, readonly string[]>> = {
  implicit: ['authorizationUrl'],
  password: ['tokenUrl'],
  application: ['tokenUrl'],
  accessCode: ['authorizationUrl', 'tokenUrl'],
};

/**
 * Validates a 2.0 document as far as Google's copy of the Swagger schema decides whether it is taken
 * (googleapis/api-compiler, swagger/schema2_0/schema.json).
 * @returns the validation report; empty when the document is good
 */
export function validateSwagger2(document: JsonObject): string {
  const report = new SchemaReport();
  report.only(document, '', ROOT);
  report.required(document, '', ['info', 'paths']);
  if (document.info !== undefined) info(report, document.info);
  if (document.host !== undefined) report.pattern(document.host, '/host', /^[^{}/ :\\]+(?::\d+)?$/);
  if (document.basePath !== undefined) report.pattern(document.basePath, '/basePath', /^\//);
  if (document.paths !== undefined) paths(report, document.paths);
  validateSecurity(report, document.security, '/security');
  each(report, document.parameters, '/parameters', (value, pointer) => parameter(report, value, pointer));
  each(report, document.responses, '/responses', (value, pointer) => response(report, value, pointer));
  each(report, document.definitions, '/definitions', (value, pointer) => schema(report, value, pointer));
  each(report, document.securityDefinitions, '/securityDefinitions', (value, pointer) =>
    securityScheme(report, value, pointer),
  );
  return report.text;
}

function each(
  report: SchemaReport,
  value: unknown,
  pointer: string,
  check: (value: unknown, pointer: string) => void,
): void {
  if (value === undefined || !report.object(value, pointer)) return;
  for (const [name, item] of Object.entries(value)) check(item, pointerTo(pointer, name));
}

function info(report: SchemaReport, value: unknown): void {
  if (!report.object(value, '/info')) return;
  report.required(value, '/info', ['version', 'title']);
  for (const name of ['title', 'version', 'description', 'termsOfService']) {
    if (value[name] !== undefined) report.type(value[name], pointerTo('/info', name), ['string']);
  }
}

function paths(report: SchemaReport, value: unknown): void {
  if (!report.object(value, '/paths')) return;
  for (const [path, item] of Object.entries(value)) {
    const pointer = pointerTo('/paths', path);
    if (path.startsWith('x-')) continue;
    if (!path.startsWith('/')) report.only({ [path]: item }, '/paths', []);
    else if (report.object(item, pointer)) pathItem(report, item, pointer);
  }
}

function pathItem(report: SchemaReport, item: JsonObject, pointer: string): void {
  report.only(item, pointer, [...METHODS, '$ref', 'parameters']);
  parameters(report, item.parameters, pointer);
  for (const method of METHODS) {
    if (item[method] !== undefined) operation(report, item[method], pointerTo(pointer, method));
  }
}

function operation(report: SchemaReport, value: unknown, pointer: string): void {
  if (!report.object(value, pointer)) return;
  report.only(value, pointer, OPERATION);
  report.required(value, pointer, ['responses']);
  if (value.operationId !== undefined) report.type(value.operationId, `${pointer}/operationId`, ['string']);
  parameters(report, value.parameters, pointer);
  validateSecurity(report, value.security, `${pointer}/security`);
  if (value.responses !== undefined) responses(report, value.responses, `${pointer}/responses`);
}

function responses(report: SchemaReport, value: unknown, pointer: string): void {
  if (!report.object(value, pointer)) return;
  if (Object.keys(value).length === 0)
    report.add(
      pointer,
      'minProperties',
      'object has too few properties (found 0 but schema requires at least 1)',
    );
  for (const [code, item] of Object.entries(value)) {
    if (code.startsWith('x-')) continue;
    if (/^\d{3}$|^default$/.test(code)) response(report, item, pointerTo(pointer, code));
    else report.only({ [code]: item }, pointer, []);
  }
}

function response(report: SchemaReport, value: unknown, pointer: string): void {
  if (!report.object(value, pointer) || value.$ref !== undefined) return;
  report.required(value, pointer, ['description']);
  // Google's copy of the schema takes no extensions here, unlike the specification.
  report.only(value, pointer, RESPONSE, false);
  if (value.schema !== undefined) schema(report, value.schema, `${pointer}/schema`);
  for (const type of Object.keys(isObject(value.examples) ? value.examples : {})) {
    if (!/^[a-z0-9-]+\/[a-z0-9\-+]+$/.test(type))
      report.only({ [type]: true }, `${pointer}/examples`, [], false);
  }
}

function securityScheme(report: SchemaReport, value: unknown, pointer: string): void {
  if (!report.object(value, pointer)) return;
  report.required(value, pointer, ['type']);
  report.oneOf(value.type, `${pointer}/type`, ['basic', 'apiKey', 'oauth2']);
  if (value.type === 'apiKey') {
    report.required(value, pointer, ['name', 'in']);
    report.oneOf(value.in, `${pointer}/in`, ['header', 'query']);
  }
  if (value.type === 'oauth2') {
    report.oneOf(value.flow, `${pointer}/flow`, Object.keys(FLOWS));
    report.required(value, pointer, FLOWS[String(value.flow)] ?? []);
  }
}
