import { describe, expect, it } from 'vitest';
import { convert, withSchema } from '../../test/convert.ts';
import type { Json } from '../json.ts';

function converted(schema: Json, rest = {}, version?: string): unknown {
  const { json } = convert(withSchema(schema, rest, version));
  return (json as { definitions: { S: unknown } }).definitions.S;
}

describe('a schema in Swagger 2.0', () => {
  it.each<[string, Json, Json]>([
    [
      'anyOf null',
      { anyOf: [{ type: 'integer' }, { type: 'null' }] },
      { type: 'integer', 'x-nullable': true },
    ],
    ['a type list with null', { type: ['string', 'null'] }, { type: 'string', 'x-nullable': true }],
    ['nullable', { type: 'string', nullable: true }, { type: 'string', 'x-nullable': true }],
    ['const', { const: 'a' }, { enum: ['a'] }],
    [
      'a numeric exclusiveMaximum',
      { type: 'integer', exclusiveMaximum: 10 },
      { type: 'integer', maximum: 10, exclusiveMaximum: true },
    ],
    ['the tighter of two bounds', { minimum: 5, exclusiveMinimum: 3 }, { minimum: 5 }],
    [
      'binary content',
      { type: 'string', contentMediaType: 'application/octet-stream' },
      { type: 'string', format: 'binary' },
    ],
    [
      'a union of one type',
      { anyOf: [{ type: 'string', format: 'uuid' }, { type: 'string' }] },
      { type: 'string' },
    ],
    [
      'a union of enums',
      { oneOf: [{ const: 'a' }, { enum: ['b', 'a'] }] },
      { type: 'string', enum: ['a', 'b'] },
    ],
    ['a union of numbers', { oneOf: [{ type: 'integer' }, { type: 'number' }] }, { type: 'number' }],
    ['a union of anything', { anyOf: [{ type: 'integer' }, { type: 'object' }] }, {}],
    ['prefixItems', { type: 'array', prefixItems: [{}] }, { type: 'array', items: {} }],
    ['an empty required', { type: 'object', required: [] }, { type: 'object' }],
    [
      'a required property that is not declared',
      { type: 'object', required: ['a'] },
      { type: 'object', required: ['a'], properties: { a: {} } },
    ],
    ['a pattern no old engine reads', { type: 'string', pattern: '(?<=a)b' }, { type: 'string' }],
    ['a boolean', true, {}],
    [
      'a property called $ref',
      { type: 'object', properties: { $ref: { type: 'string' } } },
      { type: 'object', properties: { $ref: { type: 'string' } } },
    ],
  ])('turns %s into what 2.0 has', (_, schema, expected) => {
    expect(converted(schema)).toEqual(expected);
  });

  it('keeps the type of a nullable reference', () => {
    const schema = {
      type: 'object',
      properties: { a: { anyOf: [{ $ref: '#/components/schemas/T' }, { type: 'null' }] } },
    };
    expect(converted(schema, { T: { type: 'string' } })).toMatchObject({
      properties: { a: { allOf: [{ $ref: '#/definitions/T' }], 'x-nullable': true } },
    });
  });

  it('says what it drops, where it stood', () => {
    const { diagnostics } = convert(withSchema({ type: 'object', properties: { a: { not: {}, if: {} } } }));
    const found = diagnostics.find(({ code }) => code === 'keyword-dropped');
    expect(found).toMatchObject({ pointer: '/components/schemas/S/properties/a', severity: 'note' });
    expect(found?.message).toContain('not, if');
  });

  it('gives names that no tool stumbles over, without collisions', () => {
    const refer = (name: string) => ({ $ref: `#/components/schemas/${name}` });
    const schema = { type: 'object', properties: { a: refer('Page[Item]'), b: refer('Page_Item_') } };
    const { json } = convert(
      withSchema(schema, { 'Page[Item]': { type: 'string' }, Page_Item_: { type: 'integer' } }),
    );
    expect(json.definitions).toMatchObject({
      Page_Item_: { type: 'integer' },
      Page_Item__2: { type: 'string' },
    });
    expect(json).toHaveProperty(
      ['definitions', 'S', 'properties', 'a', '$ref'],
      '#/definitions/Page_Item__2',
    );
  });

  it('wraps a cycle through a map, and leaves one through an object', () => {
    expect(converted({ type: 'object', additionalProperties: { $ref: '#/components/schemas/S' } })).toEqual({
      allOf: [{ type: 'object', additionalProperties: { $ref: '#/definitions/S' } }],
    });
    const tree = { type: 'object', properties: { next: { $ref: '#/components/schemas/S' } } };
    expect(converted(tree)).toEqual({ type: 'object', properties: { next: { $ref: '#/definitions/S' } } });
  });

  it('reports references to nothing and to themselves, and leaves none', () => {
    const dangling = convert(
      withSchema({ type: 'object', properties: { a: { $ref: '#/components/schemas/Gone' } } }),
    );
    expect(dangling.codes).toContain('error reference-not-found');
    expect(dangling.emitted.contents).not.toContain('Gone');
    expect(convert(withSchema({ $ref: '#/components/schemas/S' })).codes).toContain(
      'error circular-reference',
    );
  });

  it('keeps siblings of a reference in 3.1, and says that 3.0 ignores them', () => {
    const schema = {
      type: 'object',
      properties: { a: { $ref: '#/components/schemas/T', description: 'd' } },
    };
    expect(converted(schema, { T: {} })).toMatchObject({
      properties: { a: { description: 'd', allOf: [{ $ref: '#/definitions/T' }] } },
    });
    expect(convert(withSchema(schema, { T: {} }, '3.0.3')).codes).toContain(
      'note reference-siblings-dropped',
    );
  });
});
