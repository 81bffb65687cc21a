import { api, operation } from '../convert.ts';
import { GET, get, type Pair } from './pair.ts';

/** Rows 22 to 28: paths, their variables, names and methods. */
export const pathPairs: readonly Pair[] = [
  {
    name: 'a path variable that nothing declares',
    source: api({ '/a/{x}': { get: operation({ operationId: 'a' }) } }),
    holds: [['paths./a/{x}.get.parameters', [{ name: 'x', in: 'path', required: true, type: 'string' }]]],
    says: ['note path-variable-added'],
  },
  {
    name: 'a path parameter that the path does not name',
    source: get({ parameters: [{ name: 'x', in: 'path', required: true, schema: { type: 'string' } }] }),
    holds: [[`${GET}.parameters`, undefined]],
    says: ['note path-parameter-unused'],
  },
  {
    name: 'a partial segment',
    source: api({ '/items/{id}.json': { get: operation({ operationId: 'a' }) } }),
    says: ['error partial-segment'],
  },
  {
    name: 'a wildcard that FastAPI erased',
    source: api({ '/files/{path}': { get: operation({ operationId: 'a' }) } }),
    options: { wildcards: ['/files/{path}'] },
    holds: [['paths./files/{path=**}.get.operationId', 'a']],
  },
  {
    name: 'a trailing slash',
    source: api({ '/a/': { get: operation({ operationId: 'a' }) } }),
    holds: [
      ['paths./a/', undefined],
      [`${GET}.operationId`, 'a'],
    ],
    says: ['warning trailing-slash'],
  },
  {
    name: '/a beside /a/',
    source: api({
      '/a': { get: operation({ operationId: 'a' }) },
      '/a/': { get: operation({ operationId: 'b' }) },
    }),
    holds: [[`${GET}.operationId`, 'a']],
    says: ['note trailing-slash-merged'],
  },
  {
    name: 'two templates of one shape, with one method',
    source: api({
      '/a/{x}': { get: operation({ operationId: 'a' }) },
      '/a/{y}': { get: operation({ operationId: 'b' }) },
    }),
    says: ['error path-collision'],
  },
  {
    name: 'two templates of one shape, with two methods',
    source: api({
      '/a/{x}': { get: operation({ operationId: 'a' }) },
      '/a/{y}': { put: operation({ operationId: 'b' }) },
    }),
    holds: [
      ['paths./a/{x}.get.operationId', 'a'],
      ['paths./a/{y}.put.operationId', 'b'],
    ],
  },
  { name: 'no operationId', source: get({ operationId: 7 }), holds: [[`${GET}.operationId`, 'get_a']] },
  {
    name: 'operationIds that Google takes for one',
    source: api({
      '/a': { get: operation({ operationId: 'get-x' }), post: operation({ operationId: 'getx' }) },
    }),
    holds: [
      [`${GET}.operationId`, 'get-x'],
      ['paths./a.post.operationId', 'getx_2'],
    ],
    says: ['note operation-id-renamed'],
  },
  {
    name: 'a path item by reference',
    source: api(
      { '/a': { $ref: '#/components/pathItems/P' } },
      { components: { pathItems: { P: { get: operation({ operationId: 'a' }) } } } },
    ),
    holds: [
      [`${GET}.operationId`, 'a'],
      ['paths./a.$ref', undefined],
    ],
  },
  {
    name: 'parameters of a path',
    source: api({
      '/a': {
        parameters: [
          { name: 'p', in: 'query', schema: { type: 'string' } },
          { name: 'q', in: 'query', schema: { type: 'string' } },
        ],
        get: operation({
          operationId: 'a',
          parameters: [{ name: 'p', in: 'query', schema: { type: 'integer' } }],
        }),
      },
    }),
    holds: [
      [
        `${GET}.parameters`,
        [
          { name: 'p', in: 'query', type: 'integer' },
          { name: 'q', in: 'query', type: 'string' },
        ],
      ],
    ],
  },
  {
    name: 'a summary of a path',
    source: api({ '/a': { summary: 'S', get: operation({ operationId: 'a' }) } }),
    holds: [['paths./a.summary', undefined]],
    says: ['note field-dropped'],
  },
  {
    name: 'TRACE, callbacks and webhooks',
    source: api(
      { '/a': { get: operation({ operationId: 'a', callbacks: { c: {} } }), trace: operation() } },
      { webhooks: { w: { post: operation() } } },
    ),
    holds: [
      ['paths./a.trace', undefined],
      [`${GET}.callbacks`, undefined],
      ['webhooks', undefined],
    ],
    says: ['warning method-dropped', 'note field-dropped'],
  },
  {
    name: 'no paths',
    source: { openapi: '3.1.0', info: { title: 'T', version: '1' } },
    holds: [['paths', {}]],
  },
];
