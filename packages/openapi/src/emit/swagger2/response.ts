import { asObject, asText, asTexts, type Json, type JsonObject, own, sameJson } from '../../json.ts';
import { follow } from '../../model/document.ts';
import { reportLost, words } from '../../model/losses.ts';
import type { Route } from '../../model/routes/route.ts';
import { below, type Place } from '../../place.ts';
import { toPrimitive } from '../../schema/primitive.ts';
import { type SchemaScope, toSwagger2 } from '../../schema/swagger2.ts';
import { collectionFormat } from './parameter.ts';

/** The responses of a route in Swagger 2.0's words, and the media types they come in. */
export interface Responses {
  readonly responses: JsonObject;
  readonly produces: readonly string[];
}

/** Converts the responses of a route; at least one, as Swagger 2.0 demands. */
export function convertResponses(route: Route, scope: SchemaScope): Responses {
  const place = below(route.place, 'responses');
  const written = asObject(own(route.operation, 'responses')) ?? {};
  const responses: JsonObject = {};
  const produces = new Set<string>();
  for (const [code, value] of Object.entries(written)) {
    if (code.startsWith('x-')) continue;
    const at = below(place, code);
    const status = statusOf(code, written);
    const found = follow(scope.document, value, at);
    if (status === undefined || found === undefined) {
      scope.report('response-simplified', at, `The response ${code} is left out.`);
      continue;
    }
    responses[status] = convertResponse(found.object, found.place, produces, scope);
  }
  if (Object.keys(responses).length === 0) responses.default = { description: '' };
  if (scope.document.version === '2.0') {
    for (const media of asTexts(own(route.operation, 'produces') ?? own(scope.document.root, 'produces')))
      produces.add(media);
  }
  return { responses, produces: [...produces] };
}

/** `4XX` becomes 400, unless that is described itself. */
function statusOf(code: string, all: JsonObject): string | undefined {
  if (code === 'default' || /^[1-5]\d\d$/.test(code)) return code;
  const range = /^([1-5])XX$/i.exec(code)?.[1];
  return range === undefined || Object.hasOwn(all, `${range}00`) ? undefined : `${range}00`;
}

function convertResponse(
  response: JsonObject,
  place: Place,
  produces: Set<string>,
  scope: SchemaScope,
): JsonObject {
  const out: JsonObject = { description: asText(own(response, 'description')) ?? '' };
  const content = asObject(own(response, 'content'));
  const old = scope.document.version === '2.0' ? own(response, 'schema') : undefined;
  if (old !== undefined) out.schema = toSwagger2(old, below(place, 'schema'), scope);
  if (content !== undefined) {
    const media = Object.keys(content);
    for (const name of media) produces.add(name);
    const chosen =
      media.find((name) => /^application\/json\b/i.test(name)) ??
      media.find((name) => /json/i.test(name)) ??
      media[0];
    const body = asObject(chosen === undefined ? undefined : content[chosen]);
    const others = media.filter(
      (name) => name !== chosen && !sameJson(asObject(content[name])?.schema, body?.schema),
    );
    if (others.length > 0)
      scope.report(
        'response-simplified',
        below(place, 'content'),
        `Beside ${chosen}, ${others.join(', ')} lose their schema.`,
      );
    const at = below(below(below(place, 'content'), chosen ?? ''), 'schema');
    if (body?.schema !== undefined) out.schema = toSwagger2(body.schema, at, scope);
  }
  const headers = convertHeaders(own(response, 'headers'), below(place, 'headers'), scope);
  if (headers !== undefined) out.headers = headers;
  const lost = Object.keys(response).filter((key) => !RESPONSE_KEYS.has(key));
  const typed = Object.values(content ?? {}).flatMap((media) => Object.keys(asObject(media) ?? {}));
  lost.push(...new Set(typed.filter((key) => key !== 'schema')));
  if (lost.length > 0)
    scope.report('response-simplified', place, `Of the response, ${lost.join(', ')} are left out.`);
  return out;
}

const RESPONSE_KEYS = words('description schema content headers');
const HEADER_KEYS = words(
  'description schema type format items collectionFormat default enum maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern maxItems minItems uniqueItems multipleOf style explode',
);

function convertHeaders(value: Json | undefined, place: Place, scope: SchemaScope): JsonObject | undefined {
  const headers = asObject(value);
  if (headers === undefined || Object.keys(headers).length === 0) return undefined;
  const out: JsonObject = {};
  for (const [name, written] of Object.entries(headers)) {
    const found = follow(scope.document, written, below(place, name));
    if (found === undefined) {
      scope.report('reference-not-found', below(place, name), `The header ${name} refers to nothing.`);
      continue;
    }
    const { object } = found;
    reportLost(object, HEADER_KEYS, `the header ${name}`, found.place, scope.report, 'lost');
    const schema = scope.document.version === '2.0' ? object : (own(object, 'schema') ?? {});
    const { fields } = toPrimitive(schema, below(found.place, 'schema'), scope);
    out[name] = {
      ...(typeof object.description === 'string' ? { description: object.description } : {}),
      ...fields,
      ...(fields.type === 'array' ? { collectionFormat: headerSeparator(object, found.place, scope) } : {}),
    };
  }
  return Object.keys(out).length === 0 ? undefined : out;
}

/** Whether a media type carries samples, whose keys Google's importer restricts. */
export function hasExamples(media: Json): boolean {
  const object = asObject(media);
  return own(object, 'example') !== undefined || own(object, 'examples') !== undefined;
}

/** A header cannot repeat in Swagger 2.0. */
function headerSeparator(object: JsonObject, place: Place, scope: SchemaScope): string {
  const format = collectionFormat(object, place, scope);
  return format === 'multi' ? 'csv' : format;
}
