import { api, operation } from '../convert.ts';
import { GET, get, type Pair } from './pair.ts';

const variables = { r: { default: 'eu' }, v: { default: 'v1' } };
const at = (...urls: string[]) => get({}, { servers: urls.map((url) => ({ url })) });

/** Rows 1 and 31 to 33: servers, backends, the head of a document. */
export const documentPairs: readonly Pair[] = [
  {
    name: 'a server with variables',
    source: get({}, { servers: [{ url: 'https://{r}.ex.com/{v}', variables }] }),
    holds: [
      ['host', 'eu.ex.com'],
      ['basePath', '/v1'],
      ['schemes', ['https']],
    ],
  },
  {
    name: 'a relative server',
    source: at('/api/v1'),
    holds: [
      ['host', undefined],
      ['basePath', '/api/v1'],
    ],
  },
  {
    name: 'no servers',
    source: get(),
    holds: [
      ['host', undefined],
      ['basePath', undefined],
    ],
  },
  {
    name: 'servers that differ in scheme',
    source: at('https://a.ex/v1', 'http://a.ex/v1'),
    holds: [
      ['schemes', ['https', 'http']],
      ['host', 'a.ex'],
    ],
  },
  {
    name: 'servers that differ in host',
    source: at('https://a.ex', 'https://b.ex'),
    holds: [['host', 'a.ex']],
    says: ['note servers-dropped'],
  },
  {
    name: 'a port',
    source: at('https://a.ex:8443/v1'),
    holds: [['host', 'a.ex']],
    says: ['warning host-port-dropped'],
  },
  {
    name: 'servers of an operation',
    source: get({ servers: [{ url: 'https://up.ex/v2' }] }, { servers: [{ url: 'https://a.ex' }] }),
    holds: [
      [
        `${GET}.x-google-backend`,
        {
          address: 'https://up.ex/v2',
          jwt_audience: 'https://up.ex',
          path_translation: 'APPEND_PATH_TO_ADDRESS',
        },
      ],
    ],
    says: ['warning server-as-backend'],
  },
  {
    name: 'servers of a path on the same host',
    source: api(
      { '/a': { servers: [{ url: 'https://a.ex/v2' }], get: operation({ operationId: 'a' }) } },
      { servers: [{ url: 'https://a.ex/v1' }] },
    ),
    holds: [[`${GET}.x-google-backend`, undefined]],
    says: ['note servers-dropped'],
  },
  {
    name: 'a backend on a path',
    source: api({
      '/a': { 'x-google-backend': { address: 'https://b.ex' }, get: operation({ operationId: 'a' }) },
    }),
    holds: [[`${GET}.x-google-backend.address`, 'https://b.ex']],
    says: ['note backend-lifted'],
  },
  {
    name: 'fields of 3.1 in info',
    source: {
      ...get({}, { jsonSchemaDialect: 'https://spec.openapis.org/oas/3.1/dialect/base' }),
      info: { title: 'T', version: '1', summary: 'S', license: { name: 'MIT', identifier: 'MIT' } },
    },
    holds: [
      ['info', { title: 'T', version: '1', license: { name: 'MIT' } }],
      ['jsonSchemaDialect', undefined],
    ],
    says: ['note field-dropped'],
  },
  {
    name: 'extensions of a contact',
    source: { ...get(), info: { title: 'T', version: '1', contact: { name: 'C', 'x-twitter': 't' } } },
    holds: [['info.contact', { name: 'C' }]],
    says: ['note field-dropped'],
  },
  {
    name: 'tags and documentation that are not quite',
    source: get(
      {},
      { tags: [{ name: 'a', kind: 'nav' }, {}, { name: 'a' }], externalDocs: { url: 'no url' } },
    ),
    holds: [
      ['tags', [{ name: 'a' }]],
      ['externalDocs', undefined],
    ],
    says: ['warning invalid-value', 'note field-dropped'],
  },
  {
    name: 'extensions of Google in the 3.x dialect',
    source: get(
      { 'x-google-backend': 'b' },
      { 'x-google-api-management': { backends: { b: { address: 'https://b.ex', disableAuth: true } } } },
    ),
    holds: [
      [
        `${GET}.x-google-backend`,
        { address: 'https://b.ex', disable_auth: true, path_translation: 'CONSTANT_ADDRESS' },
      ],
    ],
  },
  {
    name: 'preflight requests',
    source: get(),
    options: { cors: true, apiKey: true },
    holds: [
      ['paths./a.options.security', []],
      [`${GET}.security`, [{ api_key: [] }]],
    ],
  },
];
