import type { JsonObject } from '../../src/json.ts';
import { api, operation } from '../convert.ts';
import { GET, get, type Pair, parameterPair } from './pair.ts';

const json = (schema: JsonObject) => ({ 'application/json': { schema } });
const form = (properties: JsonObject, rest: JsonObject = {}) => ({ type: 'object', properties, ...rest });
const query = (fields: JsonObject) => ({ name: 'p', in: 'query', ...fields });

/** Rows 17 to 21: parameters. */
export const parameterPairs: readonly Pair[] = [
  parameterPair(
    'a nullable query parameter',
    { schema: { anyOf: [{ type: 'integer' }, { type: 'null' }] } },
    [query({ type: 'integer' })],
  ),
  parameterPair(
    'a union as a query parameter',
    { schema: { anyOf: [{ type: 'integer' }, { type: 'string' }] } },
    [query({ type: 'string' })],
    { says: ['note parameter-simplified'] },
  ),
  parameterPair(
    'allOf of an enum, with a default',
    { schema: { allOf: [{ $ref: '#/components/schemas/E' }], default: 'a' } },
    [query({ type: 'string', default: 'a', enum: ['a', 'b'] })],
    {},
    { schemas: { E: { type: 'string', enum: ['a', 'b'] } } },
  ),
  parameterPair('exclusiveMinimum of a parameter', { schema: { type: 'integer', exclusiveMinimum: 0 } }, [
    query({ type: 'integer', minimum: 0, exclusiveMinimum: true }),
  ]),
  parameterPair('content of a parameter', { content: json(form({})) }, [query({ type: 'string' })], {
    says: ['note parameter-simplified'],
  }),
  ...(
    [
      ['multi', {}],
      ['csv', { explode: false }],
      ['ssv', { style: 'spaceDelimited' }],
      ['pipes', { style: 'pipeDelimited' }],
    ] as const
  ).map(([collectionFormat, style]) =>
    parameterPair(
      `a list as ${collectionFormat}`,
      { ...style, schema: { type: 'array', items: { type: 'string' } } },
      [query({ type: 'array', items: { type: 'string' }, collectionFormat })],
    ),
  ),
  parameterPair(
    'deepObject',
    {
      style: 'deepObject',
      required: true,
      schema: form({ a: { type: 'integer' }, b: {} }, { required: ['a'] }),
    },
    [
      { name: 'p[a]', in: 'query', required: true, type: 'integer' },
      { name: 'p[b]', in: 'query', type: 'string' },
    ],
    { says: ['note parameter-simplified'] },
  ),
  {
    name: 'a list in a path',
    source: api({
      '/a/{p}': {
        get: operation({
          operationId: 'a',
          parameters: [{ name: 'p', in: 'path', required: true, schema: { type: 'array' } }],
        }),
      },
    }),
    holds: [['paths./a/{p}.get.parameters', [{ name: 'p', in: 'path', required: true, type: 'string' }]]],
    says: ['note parameter-simplified'],
  },
  {
    name: 'cookies and reserved headers',
    source: get({
      parameters: [
        { name: 's', in: 'cookie', schema: { type: 'string' } },
        { name: 'Authorization', in: 'header', schema: { type: 'string' } },
      ],
    }),
    holds: [[`${GET}.parameters`, undefined]],
    says: ['note parameter-dropped'],
  },
  parameterPair(
    'allowReserved, examples, deprecated, a title',
    {
      allowReserved: true,
      deprecated: true,
      examples: { e: { value: 1 } },
      schema: { type: 'string', title: 'P' },
    },
    [query({ type: 'string', 'x-deprecated': true })],
    { says: ['note field-dropped'] },
  ),
];
