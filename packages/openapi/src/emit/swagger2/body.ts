import {
  asList,
  asObject,
  asText,
  asTexts,
  extensionsOf,
  type Json,
  type JsonObject,
  own,
} from '../../json.ts';
import { follow } from '../../model/document.ts';
import { reportLost, words } from '../../model/losses.ts';
import type { Route } from '../../model/routes/route.ts';
import { below, type Place } from '../../place.ts';
import { isTransparent } from '../../schema/cycles.ts';
import { toPrimitive } from '../../schema/primitive.ts';
import { type SchemaScope, toSwagger2 } from '../../schema/swagger2.ts';
import { hasExamples } from './response.ts';

/** A request body in Swagger 2.0's words: parameters, and the media types they describe. */
export interface Body {
  readonly parameters: readonly JsonObject[];
  readonly consumes: readonly string[];
}

const NONE: Body = { parameters: [], consumes: [] };
const FORMS = ['application/x-www-form-urlencoded', 'multipart/form-data'];

/** The body of a route. A document of 2.0 describes it by parameters, one of 3.x by `requestBody`. */
export function convertBody(route: Route, scope: SchemaScope): Body {
  const bodiless = route.method === 'get' || route.method === 'head';
  if (!bodiless)
    return scope.document.version === '2.0' ? fromParameters(route, scope) : fromRequestBody(route, scope);
  // It is not converted, so that no schema is kept for it.
  if (hasBody(route))
    scope.report(
      'body-on-get-dropped',
      route.place,
      `The body of this ${route.method.toUpperCase()} is left out.`,
    );
  return NONE;
}

function hasBody({ operation, parameters }: Route): boolean {
  return (
    own(operation, 'requestBody') !== undefined ||
    parameters.some(({ object }) => object.in === 'body' || object.in === 'formData')
  );
}

function fromParameters(route: Route, scope: SchemaScope): Body {
  const described = route.parameters.filter(({ object }) => object.in === 'body' || object.in === 'formData');
  const whole = described.find(({ object }) => object.in === 'body');
  const consumes = asTexts(own(route.operation, 'consumes') ?? own(scope.document.root, 'consumes'));
  if (whole !== undefined) {
    const { object, place } = whole;
    return {
      parameters: [bodyParameter(object, own(object, 'schema'), below(place, 'schema'), scope)],
      consumes,
    };
  }
  const fields = described.map(({ object, place }) => {
    const required = object.required === true;
    return formField(
      asText(object.name) ?? '',
      object,
      place,
      { required, separator: asText(object.collectionFormat) },
      scope,
    );
  });
  return { parameters: fields, consumes };
}

function fromRequestBody(route: Route, scope: SchemaScope): Body {
  const written = own(route.operation, 'requestBody');
  if (written === undefined) return NONE;
  const found = follow(scope.document, written, below(route.place, 'requestBody'));
  if (found === undefined) {
    scope.report('reference-not-found', below(route.place, 'requestBody'), 'The body refers to nothing.');
    return NONE;
  }
  const { object: body, place } = found;
  const content = asObject(own(body, 'content')) ?? {};
  const media = preferredMedia(Object.keys(content));
  if (media === undefined) return NONE;
  const others = Object.keys(content).filter((key) => key !== media);
  if (others.length > 0) {
    scope.report(
      'media-types-dropped',
      below(place, 'content'),
      `Beside ${media}, ${others.join(', ')} are left out.`,
    );
  }
  if (Object.values(content).some(hasExamples)) {
    scope.report('field-dropped', below(place, 'content'), 'The examples of the body are left out.');
  }
  const typed = below(below(place, 'content'), media);
  const at = below(typed, 'schema');
  const described = asObject(content[media]) ?? {};
  const schema = own(described, 'schema');
  reportLost(body, BODY_KEYS, 'the body', place, scope.report);
  reportLost(described, MEDIA_KEYS, `the ${media} body`, typed, scope.report, 'lost');
  const form = FORMS.find((name) => media.toLowerCase().startsWith(name));
  const fields = form === undefined ? undefined : formFields(schema, at, scope);
  if (fields !== undefined) return { parameters: fields, consumes: [form ?? media] };
  return { parameters: [bodyParameter(body, schema, at, scope)], consumes: [media] };
}

const BODY_KEYS = words('description required content');
const MEDIA_KEYS = words('schema example examples');

/** JSON first: it is what Swagger 2.0 describes best; then forms. */
function preferredMedia(media: readonly string[]): string | undefined {
  const tests = [
    /^application\/json\b/i,
    /\+json\b/i,
    /^application\/x-www-form-urlencoded\b/i,
    /^multipart\/form-data\b/i,
  ];
  for (const test of tests) {
    const match = media.find((name) => test.test(name));
    if (match !== undefined) return match;
  }
  return media[0];
}

function bodyParameter(
  body: JsonObject,
  schema: Json | undefined,
  place: Place,
  scope: SchemaScope,
): JsonObject {
  return {
    name: scope.document.version === '2.0' ? (asText(body.name) ?? 'body') : 'body',
    in: 'body',
    ...(typeof body.description === 'string' ? { description: body.description } : {}),
    ...(body.required === true ? { required: true } : {}),
    schema: message(toSwagger2(schema ?? {}, place, scope), schema, place, scope),
    ...extensionsOf(body),
  };
}

/** Google maps a body to a protobuf message: it must be an object. What stands in allOf it takes as any value. */
function message(
  converted: JsonObject,
  schema: Json | undefined,
  place: Place,
  scope: SchemaScope,
): JsonObject {
  // What a reference leads to is converted here only to be looked at: its own definition reports.
  const found = follow(scope.document, schema, place);
  const silent = { ...scope, report: () => {} };
  const plain =
    converted.$ref === undefined ? converted : toSwagger2(found?.object, found?.place ?? place, silent);
  const scalar = plain.type !== undefined && plain.type !== 'object';
  if (!scalar && !isTransparent({ ...plain, $ref: undefined } as unknown as JsonObject)) return converted;
  if (plain.allOf !== undefined && converted.$ref === undefined) return converted;
  scope.report('body-wrapped', place, 'The body is not an object; it is described as any value.');
  return { allOf: [converted] };
}

/** The fields of a form, or undefined when its schema is not an object with properties. */
function formFields(schema: Json | undefined, place: Place, scope: SchemaScope): JsonObject[] | undefined {
  const fields = new Map<string, JsonObject>();
  const required = new Set<string>();
  const collect = (value: Json | undefined, at: Place, depth: number): void => {
    const found = follow(scope.document, value, at);
    if (found === undefined || depth > 8) return;
    for (const name of asTexts(own(found.object, 'required'))) required.add(name);
    for (const [name, property] of Object.entries(asObject(own(found.object, 'properties')) ?? {})) {
      const propertyPlace = below(below(found.place, 'properties'), name);
      if (follow(scope.document, property, propertyPlace)?.object.readOnly === true) {
        scope.report(
          'field-dropped',
          propertyPlace,
          `The form field ${name} is left out: it is only for responses.`,
        );
        continue;
      }
      const marks = { required: false, separator: 'multi' };
      fields.set(name, formField(name, asObject(property) ?? {}, propertyPlace, marks, scope));
    }
    for (const [index, part] of asList(own(found.object, 'allOf')).entries()) {
      collect(part, below(below(found.place, 'allOf'), index), depth + 1);
    }
  };
  collect(schema, place, 0);
  if (fields.size === 0) return undefined;
  return [...fields].map(([name, field]) => {
    const { name: _, in: __, description, ...rest } = field;
    const head: JsonObject = { name, in: 'formData' };
    if (description !== undefined) head.description = description;
    if (required.has(name)) head.required = true;
    return { ...head, ...rest };
  });
}

function formField(
  name: string,
  schema: JsonObject,
  place: Place,
  marks: { readonly required: boolean; readonly separator: string | undefined },
  scope: SchemaScope,
): JsonObject {
  const { fields, isObject } = toPrimitive(schema, place, scope);
  if (isObject) scope.report('form-field-simplified', place, `The form field ${name} becomes a string.`);
  const description =
    asText(own(schema, 'description')) ?? asText(follow(scope.document, schema, place)?.object.description);
  return {
    name,
    in: 'formData',
    ...(description === undefined ? {} : { description }),
    ...(marks.required ? { required: true } : {}),
    ...fields,
    ...(fields.type === 'array' && marks.separator !== undefined
      ? { collectionFormat: marks.separator }
      : {}),
    ...extensionsOf(schema),
  };
}
