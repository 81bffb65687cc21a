import { asList, asObject, asText, asTexts, type Json, type JsonObject, own } from '../json.ts';
import { type ApiDocument, follow } from '../model/document.ts';
import { upgradeParameter, upgradeResponse, valueSchema } from './parts.ts';
import { upgradeSchema } from './schema.ts';

/** What a 2.0 document says of media types at its root. */
interface Media {
  readonly consumes: readonly string[];
  readonly produces: readonly string[];
}

/** A 2.0 operation as one of 3.0; the parameters of its path become its own. */
export function upgradeOperation(
  operation: JsonObject,
  shared: readonly Json[],
  document: ApiDocument,
  media: Media,
): JsonObject {
  const { consumes, produces, parameters, responses, schemes: _, ...rest } = operation;
  const listed = asList(parameters);
  const all = [
    ...shared.filter((value) => !listed.some((other) => sameParameter(document, value, other))),
    ...listed,
  ];
  const resolved = all.map((written) => ({ written, object: follow(document, written, '#')?.object }));
  const plain = resolved.filter(({ object }) => object?.in !== 'body' && object?.in !== 'formData');
  const body = resolved.flatMap(({ object }) => (object?.in === 'body' ? [object] : []));
  const fields = resolved.flatMap(({ object }) => (object?.in === 'formData' ? [object] : []));
  const accepted = consumes === undefined ? media.consumes : asTexts(consumes);
  const requestBody = body[0] === undefined ? formBody(fields, accepted) : wholeBody(body[0], accepted);
  const answered = produces === undefined ? media.produces : asTexts(produces);
  return {
    ...rest,
    ...(plain.length === 0 ? {} : { parameters: plain.map(({ written }) => upgradeParameter(written)) }),
    ...(requestBody === undefined ? {} : { requestBody }),
    responses: Object.fromEntries(
      Object.entries(asObject(responses) ?? {}).map(([code, response]) => [
        code,
        upgradeResponse(response, answered),
      ]),
    ),
  };
}

function sameParameter(document: ApiDocument, a: Json, b: Json): boolean {
  const [left, right] = [a, b].map((value) => follow(document, value, '#')?.object);
  return left?.name === right?.name && left?.in === right?.in;
}

function wholeBody(parameter: JsonObject, consumes: readonly string[]): JsonObject {
  const media = consumes.length === 0 ? ['application/json'] : consumes;
  const schema = upgradeSchema(own(parameter, 'schema') ?? {});
  return {
    ...described(parameter),
    content: Object.fromEntries(media.map((name) => [name, { schema }])),
    ...(parameter.required === true ? { required: true } : {}),
  };
}

function formBody(fields: readonly JsonObject[], consumes: readonly string[]): JsonObject | undefined {
  if (fields.length === 0) return undefined;
  const hasFile = fields.some(({ type, format }) => type === 'file' || format === 'binary');
  const media = consumes.find((name) => name.startsWith('multipart/') || name.includes('urlencoded'));
  const required = fields
    .filter((field) => field.required === true)
    .flatMap((field) => asText(field.name) ?? []);
  const properties = fields.map((field) => [
    asText(field.name) ?? '',
    { ...valueSchema(field), ...described(field) },
  ]);
  const schema: JsonObject = {
    type: 'object',
    properties: Object.fromEntries(properties),
    ...(required.length === 0 ? {} : { required }),
  };
  const name = media ?? (hasFile ? 'multipart/form-data' : 'application/x-www-form-urlencoded');
  return { content: { [name]: { schema } }, ...(required.length === 0 ? {} : { required: true }) };
}

function described(object: JsonObject): JsonObject {
  return typeof object.description === 'string' ? { description: object.description } : {};
}
