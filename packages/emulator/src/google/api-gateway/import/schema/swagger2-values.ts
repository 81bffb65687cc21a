import { arrayOr, isObject, type JsonObject } from '../json.ts';
import { pointerTo, type SchemaReport } from './report.ts';

const SCALAR = [
  'type',
  'format',
  'default',
  'maximum',
  'exclusiveMaximum',
  'minimum',
  'exclusiveMinimum',
  'maxLength',
  'minLength',
  'pattern',
  'maxItems',
  'minItems',
  'uniqueItems',
  'enum',
  'multipleOf',
  'items',
];
const PARAMETER = [...SCALAR, 'name', 'in', 'required', 'description', 'collectionFormat', 'allowEmptyValue'];
const SCHEMA = [
  ...SCALAR,
  '$ref',
  'title',
  'description',
  'maxProperties',
  'minProperties',
  'required',
  'additionalProperties',
  'allOf',
  'properties',
  'discriminator',
  'readOnly',
  'xml',
  'externalDocs',
  'example',
];
const TYPES = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string', 'file'];

/** Validates the `parameters` of a path item or an operation. */
export function validateParameters(report: SchemaReport, value: unknown, parent: string): void {
  if (value === undefined || !report.type(value, `${parent}/parameters`, ['array'])) return;
  arrayOr(value).forEach((item, index) => {
    validateParameter(report, item, pointerTo(`${parent}/parameters`, index));
  });
}

/** Validates one parameter object. */
export function validateParameter(report: SchemaReport, value: unknown, pointer: string): void {
  if (!report.object(value, pointer) || value.$ref !== undefined) return;
  report.required(value, pointer, ['name', 'in']);
  report.oneOf(value.in, `${pointer}/in`, ['query', 'header', 'path', 'formData', 'body']);
  if (value.in === 'body') {
    report.required(value, pointer, ['schema']);
    report.only(value, pointer, ['name', 'in', 'required', 'description', 'schema']);
    if (value.schema !== undefined) validateSchema(report, value.schema, `${pointer}/schema`);
    return;
  }
  report.only(value, pointer, PARAMETER);
  if (value.in === 'path' && value.required === false)
    report.add(
      `${pointer}/required`,
      'enum',
      'instance value (false) not found in enum (possible values: [true])',
    );
  const file = value.in === 'formData' ? ['file'] : [];
  report.oneOf(value.type, `${pointer}/type`, ['string', 'number', 'boolean', 'integer', 'array', ...file]);
  if (value.type === 'array') report.required(value, pointer, ['items']);
  nonEmpty(report, value, pointer, 'enum');
}

/** Validates a schema object: its keywords are a closed list, unlike in JSON Schema. */
export function validateSchema(report: SchemaReport, value: unknown, pointer: string, depth = 0): void {
  // A document's nesting is its author's; the recursion must not be.
  if (depth > 100 || !report.object(value, pointer)) return;
  report.only(value, pointer, SCHEMA);
  if (value.$ref !== undefined) return;
  for (const type of value.type === undefined ? [] : [value.type].flat())
    report.oneOf(type, `${pointer}/type`, TYPES);
  nonEmpty(report, value, pointer, 'required');
  nonEmpty(report, value, pointer, 'enum');
  for (const [name, property] of Object.entries(isObject(value.properties) ? value.properties : {})) {
    validateSchema(report, property, pointerTo(`${pointer}/properties`, name), depth + 1);
  }
  for (const name of ['items', 'additionalProperties']) {
    if (isObject(value[name])) validateSchema(report, value[name], `${pointer}/${name}`, depth + 1);
  }
  arrayOr(value.allOf).forEach((part, index) => {
    validateSchema(report, part, pointerTo(`${pointer}/allOf`, index), depth + 1);
  });
}

function nonEmpty(report: SchemaReport, value: JsonObject, pointer: string, name: string): void {
  const items = value[name];
  if (items === undefined || !report.type(items, `${pointer}/${name}`, ['array'])) return;
  if (arrayOr(items).length === 0)
    report.add(
      `${pointer}/${name}`,
      'minItems',
      'array is too short: must have at least 1 elements but instance has 0 elements',
    );
}
