import type { Document, Found, Method, Parameter, Schema } from './document.ts';
import type { Exchange } from './exchange.ts';
import { isObject, judgeValue, type Problem, parsed } from './values.ts';

/** What is wrong with a request for a method. */
export function* requestProblems(
  { type, request, isUnread }: Exchange,
  url: URL,
  { document, method }: Found,
): Generator<Problem> {
  yield* queryProblems(url, document, method);
  if (isUnread) return;
  if (request.trim() === '') {
    if (method.request && /^(?:POST|PUT|PATCH)$/.test(method.httpMethod))
      yield* requiredProblems({}, document, method);
    return;
  }
  // A form is read as a query. Other types are taken for JSON.
  if (/^application\/x-www-form-urlencoded\b/.test(type))
    yield { kind: 'a body of another type', detail: type };
  const body = parsed(request);
  if (!method.request) {
    if (!isObject(body) || Object.keys(body).length > 0)
      yield { kind: 'a body where none is taken', detail: request.slice(0, 100) };
    return;
  }
  if (!isObject(body)) {
    yield { kind: 'a body that is no object', detail: request.slice(0, 100) };
    return;
  }
  yield* judgeValue(body, method.request, document, 'request');
  yield* requiredProblems(body, document, method);
}

/** What must be given in what is created, at any depth of it. */
function* requiredProblems(
  body: Readonly<Record<string, unknown>>,
  document: Document,
  { httpMethod, request }: Method,
): Generator<Problem> {
  if (httpMethod !== 'PATCH' && request) yield* missingIn(body, request, document, '');
}

function* missingIn(value: unknown, schema: Schema, document: Document, at: string): Generator<Problem> {
  if (schema.$ref !== undefined) {
    const named = document.schemas[schema.$ref];
    if (named) yield* missingIn(value, named, document, at);
  } else if (schema.items && Array.isArray(value))
    for (const [index, item] of value.entries())
      yield* missingIn(item, schema.items, document, `${at}[${index}]`);
  else if (schema.properties && isObject(value))
    for (const [name, property] of Object.entries(schema.properties)) {
      if (property.readOnly) continue;
      const here = at ? `${at}.${name}` : name;
      const inner = value[name] ?? value[snake(name)];
      if (inner !== undefined) yield* missingIn(inner, property, document, here);
      else if (/^(?:required[.:]|\[required\])/i.test(property.description ?? ''))
        yield { kind: 'a required field is not given', detail: here };
    }
}

function* queryProblems({ searchParams }: URL, document: Document, method: Method): Generator<Problem> {
  const known = method.parameters ?? {};
  for (const [name, value] of searchParams) {
    if (document.parameters?.[name] ?? document.parameters?.[`$${name}`] ?? /^\$/.test(name)) continue;
    const camel = name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const parameter = known[name] ?? known[camel];
    if (parameter?.location !== 'query') yield { kind: 'unknown parameter', detail: `${name}=${value}` };
    else yield* parameterProblems(name, value, parameter, document, method);
  }
  for (const [name, { location, required, repeated }] of Object.entries(known)) {
    if (location !== 'query') continue;
    const given =
      searchParams.getAll(name).length + (snake(name) === name ? 0 : searchParams.getAll(snake(name)).length);
    if (required && given === 0) yield { kind: 'a required parameter is not given', detail: name };
    if (!repeated && given > 1) yield { kind: 'a parameter is there twice', detail: name };
  }
}

function* parameterProblems(
  name: string,
  value: string,
  parameter: Parameter,
  document: Document,
  method: Method,
): Generator<Problem> {
  const { type, format } = parameter;
  // A query has nothing but text.
  const isFlag = /^(?:true|false|t|f|yes|no|y|n|1|0)$/i.test(value);
  const read =
    type === 'boolean'
      ? isFlag
        ? true
        : value
      : parameter.enum && /^\d+$/.test(value)
        ? Number(value)
        : value;
  yield* judgeValue(read, parameter, document, 'request', name);
  if (format !== 'google-fieldmask' || !method.request || value === '*' || value === '') return;
  for (const path of value.split(',')) yield* maskProblems(path.trim(), method.request, document);
}

/** Each step of a path must be a field; what is below a map is its key. */
function* maskProblems(
  path: string,
  request: { readonly $ref: string },
  document: Document,
): Generator<Problem> {
  let schema = document.schemas[request.$ref];
  for (const step of path.split('.')) {
    if (!schema?.properties) return;
    const camel = step.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
    const field = schema.properties[step] ?? schema.properties[camel];
    if (!field) {
      yield { kind: 'the mask names no field', detail: path };
      return;
    }
    if (field.readOnly) yield { kind: 'the mask names what is output only', detail: path };
    schema = field.$ref ? document.schemas[field.$ref] : field;
  }
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
