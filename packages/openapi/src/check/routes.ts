import { asObject, asText, inWords, type Json, type JsonObject, own } from '../json.ts';
import { below } from '../place.ts';
import type { Violate } from './violation.ts';

/** One operation of a document being checked. */
export interface CheckedOperation {
  readonly method: string;
  readonly path: string;
  readonly operation: JsonObject;
  readonly place: string;
  /** Names of the path's variables. */
  readonly variables: readonly string[];
}

const METHODS = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']);

/** Checks what both dialects demand of paths and operations, and gives the operations for further checks. */
export function checkRoutes(
  root: JsonObject,
  inlineWildcards: boolean,
  violate: Violate,
): readonly CheckedOperation[] {
  const operations: CheckedOperation[] = [];
  const patterns = new Map<string, string>();
  const ids = new Map<string, string>();
  for (const [path, value] of Object.entries(asObject(own(root, 'paths')) ?? {})) {
    if (path.startsWith('x-')) continue;
    const itemPlace = below('#/paths', path);
    const variables = checkPath(path, itemPlace, inlineWildcards, violate);
    for (const [method, member] of Object.entries(asObject(value) ?? {})) {
      const operation = asObject(member);
      if (!METHODS.has(method) || operation === undefined) continue;
      const place = below(itemPlace, method);
      if (method === 'trace') violate('method', place, 'TRACE is not routed.');
      const pattern = `${method} ${path.replaceAll(/\{[^{}=]*(=\*\*)?[^{}]*\}/g, '{$1}')}`;
      const rival = patterns.get(pattern);
      if (rival !== undefined) violate('duplicate-pattern', place, `${path} matches what ${rival} matches.`);
      patterns.set(pattern, path);
      checkId(operation, place, ids, violate);
      operations.push({ method, path, operation, place, variables });
    }
  }
  return operations;
}

function checkPath(
  path: string,
  place: string,
  inlineWildcards: boolean,
  violate: Violate,
): readonly string[] {
  const say = (message: string): void => violate('path-template', place, `${path}: ${message}`);
  if (!path.startsWith('/')) say('must start with a slash');
  if (path.length > 1 && path.endsWith('/')) say("unexpected end of input '/'");
  if (path.length > 512) say('over 512 characters');
  const variables: string[] = [];
  const segments = path
    .slice(1)
    .replace(/:[^/:{}]+$/, '')
    .split('/');
  for (const [index, segment] of segments.entries()) {
    if (segment === '' && path !== '/' && index < segments.length - 1) say('empty segment');
    if (!/[{}]/.test(segment)) {
      if (/[*=]/.test(segment) && !/^\*\*?$/.test(segment)) say(`unrecognized input in ${segment}`);
      continue;
    }
    const match = /^\{([A-Za-z_][A-Za-z0-9_.-]{0,99})(=\*\*?)?\}$/.exec(segment);
    if (match === null) {
      say(`bad segment ${segment}`);
      continue;
    }
    if (match[2] !== undefined && !inlineWildcards) say('{name=*} is not for OpenAPI 3');
    if (match[2] === '=**' && index < segments.length - 1) say('** before the last segment');
    variables.push(match[1] ?? '');
  }
  if (variables.length > 60) say('more than 60 variables');
  if (new Set(variables).size < variables.length) say('a variable stands twice');
  return variables;
}

function checkId(operation: JsonObject, place: string, ids: Map<string, string>, violate: Violate): void {
  const id = asText(operation.operationId) ?? '';
  const name = methodName(id);
  if (name === '')
    violate('operation-id', place, "Operation does not have the required 'operationId' field.");
  else if (ids.has(name))
    violate('operation-id', place, `operationId '${id}' has duplicate entry ${ids.get(name)}.`);
  ids.set(name, id);
}

/** The RPC method that Google makes of an operationId. */
function methodName(id: string): string {
  const letters = id.replaceAll(/\W/g, '');
  return letters.slice(0, 1).toUpperCase() + letters.slice(1);
}

/** Checks `security` against the schemes that are defined: no dangling name, no key OR other, no JWT AND JWT. */
export function checkSecurity(security: unknown, place: string, schemes: JsonObject, violate: Violate): void {
  if (security === undefined) return;
  const lists = (value: unknown): boolean =>
    Array.isArray(value) && value.every((scope) => typeof scope === 'string');
  const fits = (item: Json): boolean => Object.values(asObject(item) ?? { '': null }).every(lists);
  if (!Array.isArray(security) || !security.every(fits)) {
    violate('security-form', place, `${JSON.stringify(security)} is not a list of security requirements.`);
    return;
  }
  const alternatives = security.map((item) => Object.keys(asObject(item) ?? {}));
  const type = (name: string): string | undefined => asText(asObject(own(schemes, name))?.type);
  for (const name of alternatives.flat()) {
    if (type(name) === undefined) violate('security-undefined', place, `${name} is not defined.`);
  }
  for (const names of alternatives) {
    const tokens = names.filter((name) => type(name) !== 'apiKey');
    if (tokens.length > 1)
      violate('security-and', place, `multiple security definitions '${tokens.join(',')}' logically ANDed.`);
  }
  const keyed = alternatives.filter((names) => names.some((name) => type(name) === 'apiKey'));
  const others = alternatives.filter((names) => names.length > 0 && !keyed.includes(names));
  if (keyed.length > 0 && others.length > 0)
    violate('security-or', place, 'Operation does not require an API key.');
}

/** Checks that every variable of a path is declared once, and nothing else is declared as one. */
export function checkVariables(
  operation: CheckedOperation,
  parameters: readonly JsonObject[],
  violate: Violate,
): void {
  const declared = parameters
    .filter((parameter) => parameter.in === 'path')
    .map((parameter) => asText(parameter.name) ?? '');
  for (const name of operation.variables) {
    if (!declared.includes(name)) violate('path-variable', operation.place, `{${name}} is not declared.`);
  }
  for (const name of declared) {
    if (!operation.variables.includes(name))
      violate('path-variable', operation.place, `${name} is not in the path.`);
  }
  const keys = parameters.map((parameter) => `${inWords(parameter.in)} ${inWords(parameter.name)}`);
  for (const [index, key] of keys.entries()) {
    if (keys.indexOf(key) < index)
      violate('duplicate-parameter', operation.place, `${key} is declared twice.`);
  }
}
