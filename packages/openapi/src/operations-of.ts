import { rememberSource } from './diff/contract.ts';
import { asList, asObject, asText, type Json, type JsonObject, own } from './json.ts';
import { readServer } from './model/backends/server.ts';
import { follow } from './model/document.ts';
import type { Operation, OperationParameter } from './operation.ts';
import { readDocument } from './read/read-document.ts';
import { isRequirements } from './security/protection.ts';

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'];

/**
 * The operations of an emitted document given as text, such as one read back from the service; the empty list when
 * it is not an OpenAPI document.
 */
export function operationsOf(contents: string): readonly Operation[] {
  const { document } = readDocument({ path: 'document', text: contents });
  return document === undefined ? [] : operationsIn(document.root);
}

/** The operations of an emitted document, by path and method. */
export function operationsIn(root: JsonObject): readonly Operation[] {
  const resolve = (place: string): Json | undefined => {
    const keys = place
      .slice(2)
      .split('/')
      .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
    return keys.reduce<Json | undefined>((value, key) => own(asObject(value), key), root);
  };
  const version = root.swagger === undefined ? '3.0' : '2.0';
  const document = { version, root, path: '', files: new Map(), resolve } as const;
  const basePath = readServer(document, () => {}).basePath ?? '';
  const schemes =
    asObject(own(root, 'securityDefinitions')) ??
    asObject(own(asObject(own(root, 'components')), 'securitySchemes')) ??
    {};
  const operations: Operation[] = [];
  for (const [path, item] of Object.entries(asObject(own(root, 'paths')) ?? {})) {
    const pathItem = follow(document, item, '#')?.object;
    for (const method of METHODS) {
      const operation = asObject(own(pathItem, method));
      if (operation === undefined) continue;
      const lists = [...asList(own(pathItem, 'parameters')), ...asList(own(operation, 'parameters'))];
      const parameters = lists.flatMap((value) => readParameter(follow(document, value, '#')?.object));
      if (own(operation, 'requestBody') !== undefined) {
        const required = follow(document, operation.requestBody, '#')?.object.required === true;
        parameters.push({ name: 'body', in: 'body', required });
      }
      const backend = backendAddress(root, own(operation, 'x-google-backend'));
      const read: Operation = {
        method,
        path: path === '/' && basePath !== '' ? basePath : `${basePath}${path}`,
        operationId: asText(operation.operationId) ?? '',
        security: accessOf(own(operation, 'security') ?? own(root, 'security'), schemes),
        parameters: parameters.sort((a, b) => (`${a.in} ${a.name}` < `${b.in} ${b.name}` ? -1 : 1)),
        ...(backend === undefined ? {} : { backend }),
        ...(operation.deprecated === true ? { deprecated: true } : {}),
      };
      rememberSource(read, { root, path, method });
      operations.push(read);
    }
  }
  return operations;
}

function readParameter(parameter: JsonObject | undefined): OperationParameter[] {
  const name = asText(parameter?.name);
  const where = asText(parameter?.in);
  if (name === undefined || where === undefined) return [];
  return [{ name: where === 'body' ? 'body' : name, in: where, required: parameter?.required === true }];
}

function accessOf(security: Json | undefined, schemes: JsonObject): Operation['security'] {
  if (security !== undefined && !isRequirements(security)) return 'malformed';
  const alternatives = (security ?? []).map((item) => Object.keys(item));
  if (alternatives.length === 0) return 'open';
  const isKey = (name: string): boolean => asObject(own(schemes, name))?.type === 'apiKey';
  const key = alternatives.every((names) => names.some(isKey));
  const token = alternatives.some((names) => names.some((name) => !isKey(name)));
  if (key) return token ? 'api-key+jwt' : 'api-key';
  return token ? 'jwt' : 'open';
}

function backendAddress(root: JsonObject, value: Json | undefined): string | undefined {
  if (typeof value !== 'string') return asText(asObject(value)?.address);
  const backends = asObject(own(asObject(own(root, 'x-google-api-management')), 'backends'));
  return asText(asObject(own(backends, value))?.address);
}
