import { asObject, type Json, type JsonObject, own } from '../json.ts';
import { referenceOf, upgradeSchema } from './schema.ts';

/** Fields of a 2.0 parameter that are about the parameter; the others describe its value. */
const OUTER = new Set(['name', 'in', 'description', 'required', 'allowEmptyValue', 'collectionFormat']);

/** A 2.0 parameter, but a body or a form field, as one of 3.0. */
export function upgradeParameter(value: Json): Json {
  const parameter = asObject(value);
  const reference = referenceOf(value);
  if (reference !== undefined || parameter === undefined) return reference ?? value;
  const out: JsonObject = {};
  for (const key of ['name', 'in', 'description', 'required', 'allowEmptyValue']) {
    const member = own(parameter, key);
    if (member !== undefined) out[key] = member;
  }
  if (parameter['x-deprecated'] === true) out.deprecated = true;
  if (parameter['x-example'] !== undefined) out.example = parameter['x-example'];
  return { ...out, ...styleOf(parameter), schema: valueSchema(parameter), ...extensions(parameter) };
}

/** The schema of the value of a 2.0 parameter, header or form field. */
export function valueSchema(parameter: JsonObject): JsonObject {
  const schema: JsonObject = {};
  for (const [key, member] of Object.entries(parameter)) {
    if (OUTER.has(key) || key.startsWith('x-')) continue;
    schema[key] = member;
  }
  return asObject(upgradeSchema(schema)) ?? {};
}

/** `collectionFormat` as style and explode. Tabs have no style of their own. */
function styleOf(parameter: JsonObject): JsonObject {
  if (parameter.type !== 'array') return {};
  const format = own(parameter, 'collectionFormat') ?? 'csv';
  if (parameter.in !== 'query') return {};
  if (format === 'multi') return { style: 'form', explode: true };
  if (format === 'ssv') return { style: 'spaceDelimited', explode: false };
  if (format === 'pipes') return { style: 'pipeDelimited', explode: false };
  return { style: 'form', explode: false };
}

/** A 2.0 response as one of 3.0: its schema once per media type. */
export function upgradeResponse(value: Json, produces: readonly string[]): Json {
  const response = asObject(value);
  const reference = referenceOf(value);
  if (reference !== undefined || response === undefined) return reference ?? value;
  const { schema, headers, examples, ...rest } = response;
  const out: JsonObject = { ...rest, description: rest.description ?? '' };
  const upgraded = Object.entries(asObject(headers) ?? {}).map(([name, header]) => [
    name,
    upgradeHeader(header),
  ]);
  if (upgraded.length > 0) out.headers = Object.fromEntries(upgraded);
  if (schema === undefined) return out;
  const media = produces.length === 0 ? ['application/json'] : produces;
  const samples = asObject(examples);
  const content = media.map((name) => {
    const example = own(samples, name);
    return [name, { schema: upgradeSchema(schema), ...(example === undefined ? {} : { example }) }];
  });
  out.content = Object.fromEntries(content);
  return out;
}

function upgradeHeader(value: Json): Json {
  const header = asObject(value);
  if (header === undefined) return value;
  const { description, ...rest } = header;
  return { ...(description === undefined ? {} : { description }), schema: valueSchema(rest) };
}

function extensions(parameter: JsonObject): JsonObject {
  const kept = Object.entries(parameter).filter(
    ([key]) => key.startsWith('x-') && key !== 'x-deprecated' && key !== 'x-example',
  );
  return Object.fromEntries(kept);
}
