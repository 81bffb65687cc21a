import { type Pair, schemaPair } from './pair.ts';

const S = '#/components/schemas/S';
const refer = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const object = (properties: object) => ({ type: 'object', properties }) as Pair['source'];

/** Rows 5 to 16: what schemas of 3.x say that 2.0 cannot. */
export const schemaPairs: readonly Pair[] = [
  schemaPair(
    'nullable',
    { type: 'string', nullable: true },
    { type: 'string', 'x-nullable': true },
    {},
    {},
    '3.0.3',
  ),
  schemaPair(
    'a nullable reference',
    object({ a: { nullable: true, allOf: [refer('T')] } }),
    object({ a: { allOf: [{ $ref: '#/definitions/T' }], 'x-nullable': true } }),
    { T: { type: 'string' } },
    {},
    '3.0.3',
  ),
  schemaPair(
    'anyOf with null',
    { anyOf: [{ type: 'integer' }, { type: 'null' }] },
    { type: 'integer', 'x-nullable': true },
  ),
  schemaPair(
    'oneOf with null',
    { oneOf: [{ type: 'null' }, { type: 'string', format: 'uuid' }] },
    { type: 'string', format: 'uuid', 'x-nullable': true },
  ),
  schemaPair(
    'anyOf of a reference and null',
    object({ a: { anyOf: [refer('T'), { type: 'null' }] } }),
    object({ a: { allOf: [{ $ref: '#/definitions/T' }], 'x-nullable': true } }),
    { T: { type: 'string' } },
  ),
  schemaPair('a type list with null', { type: ['string', 'null'] }, { type: 'string', 'x-nullable': true }),
  schemaPair(
    'a type list of two',
    { type: ['string', 'integer'] },
    {},
    {},
    { says: ['note union-simplified'] },
  ),
  schemaPair('an enum with null', { enum: ['a', null] }, { enum: ['a'], 'x-nullable': true }),
  schemaPair(
    'a default of null',
    { type: ['string', 'null'], default: null },
    { type: 'string', 'x-nullable': true },
  ),
  schemaPair(
    'a nullable circle',
    object({ next: { anyOf: [{ $ref: S }, { type: 'null' }] } }),
    object({ next: { allOf: [{ $ref: '#/definitions/S' }], 'x-nullable': true } }),
  ),
  schemaPair(
    'a union of one type',
    { anyOf: [{ type: 'string', format: 'uuid' }, { type: 'string' }] },
    { type: 'string' },
  ),
  schemaPair('a union of numbers', { oneOf: [{ type: 'integer' }, { type: 'number' }] }, { type: 'number' }),
  schemaPair(
    'a union of constants',
    { oneOf: [{ const: 'a' }, { const: 'b' }] },
    { type: 'string', enum: ['a', 'b'] },
  ),
  schemaPair(
    'a union of objects',
    { oneOf: [refer('A'), refer('B')], discriminator: { propertyName: 'kind' } },
    { type: 'object' },
    { A: object({ kind: { const: 'a' } }), B: object({ kind: { const: 'b' } }) },
    { says: ['note union-simplified', 'note keyword-dropped'] },
  ),
  schemaPair('a union of anything', { anyOf: [{ type: 'integer' }, object({})] }, {}),
  schemaPair(
    'allOf',
    { allOf: [refer('T'), object({ a: { type: 'string' } })] },
    { allOf: [{ $ref: '#/definitions/T' }, object({ a: { type: 'string' } })] },
    { T: object({}) },
  ),
  schemaPair(
    'not',
    { type: 'string', not: { const: 'a' } },
    { type: 'string' },
    {},
    { says: ['note keyword-dropped'] },
  ),
  schemaPair(
    'if, else',
    { ...object({}), if: {}, else: {} },
    object({}),
    {},
    { says: ['note keyword-dropped'] },
  ),
  schemaPair(
    'a discriminator on its base',
    {
      ...object({ kind: { type: 'string' } }),
      required: ['kind'],
      discriminator: { propertyName: 'kind', mapping: { a: S } },
    },
    { ...object({ kind: { type: 'string' } }), required: ['kind'], discriminator: 'kind' },
  ),
  schemaPair('const', { type: 'string', const: 'a' }, { type: 'string', enum: ['a'] }),
  schemaPair('examples', { type: 'string', examples: ['a'] }, { type: 'string', example: 'a' }),
  schemaPair(
    'exclusiveMaximum as a number',
    { type: 'integer', exclusiveMaximum: 10 },
    { type: 'integer', maximum: 10, exclusiveMaximum: true },
  ),
  schemaPair(
    'the tighter of two bounds',
    { type: 'integer', minimum: 5, exclusiveMinimum: 3 },
    { type: 'integer', minimum: 5 },
  ),
  schemaPair('base64', { type: 'string', contentEncoding: 'base64' }, { type: 'string', format: 'byte' }),
  schemaPair(
    'siblings of a reference in 3.1',
    object({ a: { ...refer('T'), description: 'd' } }),
    object({ a: { description: 'd', allOf: [{ $ref: '#/definitions/T' }] } }),
    { T: { type: 'string' } },
  ),
  schemaPair(
    '$defs',
    { ...object({ a: { $ref: `${S}/$defs/N` } }), $defs: { N: { type: 'string' } } },
    object({ a: { $ref: '#/definitions/N' } }),
    {},
    { holds: [['definitions.N', { type: 'string' }]] },
  ),
  schemaPair(
    'a reference into paths',
    object({ a: { $ref: '#/paths/~1a/post/responses/200/content/a~1b/schema' } }),
    {},
    {},
    { says: ['error reference-not-found'] },
  ),
  schemaPair(
    'a circle through a map',
    { type: 'object', additionalProperties: { $ref: S } },
    { allOf: [{ type: 'object', additionalProperties: { $ref: '#/definitions/S' } }] },
    {},
    { says: ['note cycle-wrapped'] },
  ),
  schemaPair(
    'names that are no names',
    object({ a: refer('Page[Item]'), b: refer('Page_Item_') }),
    object({ a: { $ref: '#/definitions/Page_Item__2' }, b: { $ref: '#/definitions/Page_Item_' } }),
    { 'Page[Item]': { type: 'string' }, Page_Item_: { type: 'integer' } },
    { says: ['note definition-renamed'] },
  ),
  schemaPair(
    'a property called $ref',
    object({ $ref: { type: 'string' } }),
    object({ $ref: { type: 'string' } }),
    {},
    { odd: true },
  ),
  schemaPair('an array without items', { type: 'array' }, { type: 'array', items: {} }),
  schemaPair(
    'prefixItems',
    { type: 'array', prefixItems: [{ type: 'string' }], items: false },
    { type: 'array', items: {} },
    {},
    { says: ['note keyword-dropped'] },
  ),
  schemaPair(
    'boolean schemas',
    object({ a: true, b: false }),
    object({ a: {}, b: {} }),
    {},
    { says: ['note keyword-dropped'] },
  ),
  schemaPair(
    'a map of nullable values',
    { type: 'object', additionalProperties: { anyOf: [{ type: 'string' }, { type: 'null' }] } },
    { type: 'object', additionalProperties: { type: 'string', 'x-nullable': true } },
  ),
  schemaPair(
    'patternProperties',
    { type: 'object', patternProperties: { '^x': { type: 'string' } } },
    { type: 'object', additionalProperties: { type: 'string' } },
  ),
  schemaPair(
    'writeOnly, deprecated, an empty required',
    { ...object({ a: { type: 'string', writeOnly: true, deprecated: true } }), required: [] },
    object({ a: { type: 'string', 'x-deprecated': true, 'x-writeOnly': true } }),
  ),
  schemaPair(
    'a pattern of a newer engine',
    { type: 'string', pattern: '(?<=a)b' },
    { type: 'string' },
    {},
    { says: ['note keyword-dropped'] },
  ),
];
