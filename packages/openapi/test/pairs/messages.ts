import type { JsonObject } from '../../src/json.ts';
import { api, operation } from '../convert.ts';
import { bodyPair, GET, get, type Pair, POST } from './pair.ts';

const json = (schema: JsonObject) => ({ 'application/json': { schema } });
const form = (properties: JsonObject, rest: JsonObject = {}) => ({ type: 'object', properties, ...rest });
const answer = (response: JsonObject) => get({ responses: { 200: { description: '', ...response } } });
const anything = {
  name: 'body',
  in: 'body',
  schema: { allOf: [{ type: 'array', items: { type: 'string' } }] },
};

/** Rows 2 to 4 and 29: bodies and responses. */
export const messagePairs: readonly Pair[] = [
  bodyPair(
    'JSON beside a form',
    { 'multipart/form-data': { schema: form({ a: {} }) }, ...json(form({ a: { type: 'string' } })) },
    [
      [`${POST}.consumes`, ['application/json']],
      [`${POST}.parameters.0.in`, 'body'],
    ],
    { says: ['note media-types-dropped'] },
  ),
  {
    name: 'a body by reference',
    source: api(
      {
        '/a': {
          post: operation({ operationId: 'a', requestBody: { $ref: '#/components/requestBodies/B' } }),
        },
      },
      { components: { requestBodies: { B: { required: true, content: json(form({})) } } } },
    ),
    holds: [
      [
        `${POST}.parameters`,
        [{ name: 'body', in: 'body', required: true, schema: { type: 'object', properties: {} } }],
      ],
    ],
  },
  bodyPair(
    'a list as a body',
    json({ type: 'array', items: { type: 'string' } }),
    [[`${POST}.parameters.0`, anything]],
    { says: ['note body-wrapped'] },
  ),
  bodyPair(
    'a map as a body',
    json({ type: 'object', additionalProperties: { type: 'string' } }),
    [
      [
        `${POST}.parameters.0.schema`,
        { allOf: [{ type: 'object', additionalProperties: { type: 'string' } }] },
      ],
    ],
    { says: ['note body-wrapped'] },
  ),
  bodyPair('a union as a body', json({ anyOf: [form({}), { type: 'array' }] }), [
    [`${POST}.parameters.0.schema`, {}],
  ]),
  bodyPair(
    'a login form by reference',
    { 'application/x-www-form-urlencoded': { schema: { $ref: '#/components/schemas/Body_login' } } },
    [
      [`${POST}.consumes`, ['application/x-www-form-urlencoded']],
      [
        `${POST}.parameters`,
        [
          { name: 'username', in: 'formData', required: true, type: 'string' },
          {
            name: 'scopes',
            in: 'formData',
            type: 'array',
            items: { type: 'string' },
            collectionFormat: 'multi',
          },
        ],
      ],
      ['definitions', undefined],
    ],
    {},
    {
      schemas: {
        Body_login: form(
          { username: { type: 'string' }, scopes: { type: 'array', items: { type: 'string' } } },
          { required: ['username'] },
        ),
      },
    },
  ),
  bodyPair(
    'a form with objects and what is read only',
    { 'multipart/form-data': { schema: form({ a: form({}), b: { type: 'string', readOnly: true } }) } },
    [[`${POST}.parameters`, [{ name: 'a', in: 'formData', type: 'string' }]]],
    { says: ['note form-field-simplified', 'note field-dropped'] },
  ),
  ...[
    ['format binary', { type: 'string', format: 'binary' }],
    ['contentMediaType', { type: 'string', contentMediaType: 'application/octet-stream' }],
    [
      'a nullable file',
      { anyOf: [{ type: 'string', contentMediaType: 'application/octet-stream' }, { type: 'null' }] },
    ],
  ].map(([name, schema]) =>
    bodyPair(
      `a file as ${String(name)}`,
      { 'multipart/form-data': { schema: form({ file: schema ?? {} }) } },
      [[`${POST}.parameters`, [{ name: 'file', in: 'formData', type: 'string', format: 'binary' }]]],
    ),
  ),
  bodyPair(
    'a list of files',
    {
      'multipart/form-data': {
        schema: form({ files: { type: 'array', items: { type: 'string', format: 'binary' } } }),
      },
    },
    [
      [`${POST}.parameters.0.type`, 'array'],
      [`${POST}.parameters.0.items`, { type: 'string', format: 'binary' }],
    ],
  ),
  {
    name: 'a file as a response',
    source: answer({ content: { 'application/pdf': { schema: { type: 'string', format: 'binary' } } } }),
    holds: [[`${GET}.responses.200.schema`, { type: 'string', format: 'binary' }]],
  },
  {
    name: '4XX',
    source: get({
      responses: { '2XX': { description: 'ok' }, 404: { description: 'no' }, '4XX': { description: 'bad' } },
    }),
    holds: [
      [
        `${GET}.responses`,
        { 200: { description: 'ok' }, 400: { description: 'bad' }, 404: { description: 'no' } },
      ],
    ],
  },
  {
    name: 'headers of a response',
    source: answer({
      headers: { 'X-A': { schema: { type: 'array', items: { type: 'integer' } }, example: 1 } },
    }),
    holds: [
      [
        `${GET}.responses.200.headers.X-A`,
        { type: 'array', items: { type: 'integer' }, collectionFormat: 'csv' },
      ],
    ],
    says: ['note field-dropped'],
  },
  {
    name: 'links and examples of a response',
    source: answer({
      links: { l: { operationId: 'a' } },
      content: { 'application/vnd.api+json': { schema: { type: 'string' }, examples: { e: { value: 1 } } } },
    }),
    holds: [[`${GET}.responses.200`, { description: '', schema: { type: 'string' } }]],
    says: ['note response-simplified'],
  },
  {
    name: 'no responses',
    source: api({ '/a': { get: { operationId: 'a', responses: {} } } }),
    holds: [[`${GET}.responses`, { default: { description: '' } }]],
  },
];
