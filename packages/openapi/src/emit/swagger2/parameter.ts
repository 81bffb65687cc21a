import { listed } from '../../diagnostic.ts';
import { asObject, asText, asTexts, extensionsOf, type Json, type JsonObject, own } from '../../json.ts';
import { follow } from '../../model/document.ts';
import { reportLost, words } from '../../model/losses.ts';
import type { Parameter } from '../../model/routes/parameter.ts';
import { namesVariable, type Route, undeclaredVariables } from '../../model/routes/route.ts';
import { below, type Place } from '../../place.ts';
import { toPrimitive } from '../../schema/primitive.ts';
import type { SchemaScope } from '../../schema/swagger2.ts';

/** Headers that OpenAPI 3 ignores as parameters, and that Swagger 2.0 tools choke on. */
const RESERVED_HEADERS = new Set(['accept', 'authorization', 'content-type']);

/** The parameters of a route but its body, in Swagger 2.0's words, those of the path declared without exception. */
export function convertParameters(route: Route, scope: SchemaScope): JsonObject[] {
  const converted = route.parameters.flatMap((parameter) => {
    const { object, place } = parameter;
    if (object.in === 'body' || object.in === 'formData') return [];
    const why = unfit(route, object);
    if (why === undefined) return expandDeepObject(parameter, scope) ?? [convertParameter(parameter, scope)];
    const code = object.in === 'path' ? 'path-parameter-unused' : 'parameter-dropped';
    scope.report(code, place, `The parameter ${asText(object.name)} is left out: ${why}.`);
    return [];
  });
  const added = undeclaredVariables(route).map((name): JsonObject => {
    scope.report('path-variable-added', route.place, `The path variable ${name} is declared as a string.`);
    return { name, in: 'path', required: true, type: 'string' };
  });
  return [...converted, ...added];
}

function unfit(route: Route, parameter: JsonObject): string | undefined {
  switch (parameter.in) {
    case 'path':
      return namesVariable(route, parameter) ? undefined : 'the path does not name it';
    case 'header':
      return RESERVED_HEADERS.has(asText(parameter.name)?.toLowerCase() ?? '')
        ? 'the header is described elsewhere'
        : undefined;
    case 'query':
      return undefined;
    default:
      return `Swagger 2.0 has no parameters in ${asText(parameter.in)}`;
  }
}

function convertParameter({ object, place }: Parameter, scope: SchemaScope, schemaPlace?: Place): JsonObject {
  const { schema, at: found } = schemaOf(object, place, scope);
  const at = schemaPlace ?? found;
  reportLost(object, PARAMETER_KEYS, `the parameter ${asText(object.name)}`, place, scope.report);
  const { fields, isObject } = toPrimitive(schema, at, scope);
  if (isObject)
    scope.report('parameter-simplified', place, `The object ${asText(object.name)} becomes a string.`);
  if (own(object, 'examples') !== undefined) {
    scope.report(
      'field-dropped',
      below(place, 'examples'),
      `The examples of ${asText(object.name)} are left out.`,
    );
  }
  const list = fields.type === 'array';
  const inPath = object.in === 'path';
  if (list && inPath)
    scope.report('parameter-simplified', place, `The list ${asText(object.name)} becomes a string.`);
  const head: JsonObject = { name: object.name ?? '', in: object.in ?? '' };
  if (typeof object.description === 'string') head.description = object.description;
  if (inPath || object.required === true) head.required = true;
  if (object.in === 'query' && object.allowEmptyValue === true) head.allowEmptyValue = true;
  const separator = list && !inPath ? collectionFormat(object, place, scope) : undefined;
  return {
    ...head,
    ...(list && inPath ? { type: 'string' } : fields),
    ...(separator === undefined ? {} : { collectionFormat: separator }),
    ...annotations(object),
  };
}

const PARAMETER_KEYS = words(
  'name in description required allowEmptyValue schema content style explode example examples deprecated type format items collectionFormat default enum maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern maxItems minItems uniqueItems multipleOf x-google-parameter',
);

/** `filter[name]=…` is how `deepObject` writes an object, so each property can be a parameter of that name. */
function expandDeepObject({ object, place }: Parameter, scope: SchemaScope): JsonObject[] | undefined {
  if (object.in !== 'query' || object.style !== 'deepObject') return undefined;
  const found = follow(scope.document, own(object, 'schema'), below(place, 'schema'));
  const properties = Object.entries(asObject(own(found?.object, 'properties')) ?? {});
  if (found === undefined || properties.length === 0) return undefined;
  const names = properties.map(([name]) => `${asText(object.name)}[${name}]`);
  scope.report('parameter-simplified', place, `The object ${asText(object.name)} becomes ${listed(names)}.`);
  const required = object.required === true ? asTexts(own(found.object, 'required')) : [];
  return properties.map(([name, schema], index) => {
    const at = below(below(found.place, 'properties'), name);
    const property = { name: names[index] ?? name, in: 'query', schema, required: required.includes(name) };
    const description = asText(asObject(schema)?.description);
    return convertParameter(
      {
        object: description === undefined ? property : { ...property, description },
        place: at,
        written: schema,
      },
      scope,
      at,
    );
  });
}

/** A 2.0 parameter is its own schema; one of 3.x has `schema` or, for a media type, `content`. */
function schemaOf(
  object: JsonObject,
  place: Place,
  scope: SchemaScope,
): { readonly schema: Json; readonly at: Place } {
  if (scope.document.version === '2.0') return { schema: object, at: place };
  const content = asObject(own(object, 'content'));
  if (content === undefined) return { schema: own(object, 'schema') ?? {}, at: below(place, 'schema') };
  const media = Object.keys(content)[0] ?? '';
  scope.report('parameter-simplified', place, `The ${media} of ${asText(object.name)} becomes a string.`);
  return { schema: { type: 'string' }, at: place };
}

/** `style` and `explode` as `collectionFormat`: https://spec.openapis.org/oas/v3.0.3#style-values */
export function collectionFormat(object: JsonObject, place: Place, scope: SchemaScope): string {
  const stated = asText(own(object, 'collectionFormat'));
  if (stated !== undefined) return stated;
  if (scope.document.version === '2.0') return 'csv';
  const inQuery = object.in === 'query';
  const style = asText(own(object, 'style')) ?? (inQuery ? 'form' : 'simple');
  if (style === 'form' && inQuery) return own(object, 'explode') === false ? 'csv' : 'multi';
  if (style === 'spaceDelimited') return 'ssv';
  if (style === 'pipeDelimited') return 'pipes';
  if (style !== 'simple')
    scope.report('parameter-simplified', place, `The style ${style} becomes comma-separated.`);
  return 'csv';
}

function annotations(object: JsonObject): JsonObject {
  const extensions = extensionsOf(object);
  if (object.deprecated === true) extensions['x-deprecated'] = true;
  const example = own(object, 'example');
  if (example !== undefined) extensions['x-example'] = example;
  return extensions;
}
