import { describe, expect, it } from 'vitest';
import { api, BACKEND, convert, operation } from '../../test/convert.ts';
import { readDocument } from '../read/read-document.ts';
import { emit } from './emit.ts';

const wildcard = (template: string) => api({ [template]: { get: operation({ operationId: 'a' }) } });

describe('routes', () => {
  it('refuses partial segments, patterns, empty segments and too many variables', () => {
    expect(convert(wildcard('/a/{x}.json')).codes).toContain('error partial-segment');
    expect(convert(wildcard('/a=b')).codes).toContain('error path-invalid');
    expect(convert(wildcard('/a//b')).codes).toContain('error path-invalid');
    expect(convert(wildcard(`/a/${'x'.repeat(520)}`)).codes).toContain('error path-limit');
    const many = Array.from({ length: 61 }, (_, n) => `{v${n}}`).join('/');
    expect(convert(wildcard(`/${many}`)).codes).toContain('error path-limit');
  });

  it('leaves out what no request can match', () => {
    for (const path of ['/a?b', '/a#b=c', '/a b']) {
      const { codes, json } = convert(wildcard(path));
      expect(codes).toEqual(['warning path-unreachable', 'warning no-paths']);
      expect(json.paths).toEqual({});
    }
  });

  it('renames variables that Google rejects, with their parameters', () => {
    const parameter = (name: string) => ({ name, in: 'path', required: true, schema: { type: 'integer' } });
    const parameters = [parameter('æ ø'), parameter('id')];
    const get = operation({ operationId: 'a', parameters });
    for (const dialect of ['swagger2', 'openapi3'] as const) {
      const { json, emitted, codes } = convert(api({ '/{æ ø}/{id}/x/{id}': { get } }), { dialect });
      expect(Object.keys(json.paths ?? {})).toEqual(['/{_}/{id}/x/{id_2}']);
      expect(emitted.operations[0]?.parameters.map(({ name }) => name)).toEqual(['_', 'id', 'id_2']);
      expect(codes.filter((code) => code === 'note path-variable-renamed')).toHaveLength(2);
      expect(codes.filter((code) => code.startsWith('error'))).toEqual([]);
    }
  });

  it('refuses two templates that one request matches, but not two methods', () => {
    const two = (second: string) =>
      convert(
        api({
          '/a/{x}': { get: operation({ operationId: 'a' }) },
          '/a/{y}': { [second]: operation({ operationId: 'b' }) },
        }),
      );
    expect(two('get').codes).toContain('error path-collision');
    expect(two('post').codes).not.toContain('error path-collision');
  });

  it('merges /items and /items/ only if they are protected alike', () => {
    const both = (security: object) =>
      convert(
        api({
          '/items': { get: operation({ operationId: 'a' }) },
          '/items/': { get: operation({ operationId: 'b', ...security }) },
        }),
      );
    expect(both({}).codes).toContain('note trailing-slash-merged');
    expect(both({}).emitted.operations.map(({ operationId }) => operationId)).toEqual(['a']);
    expect(both({ security: [] }).codes).toContain('error path-collision');
  });

  it('declares the variables of a path, and says so', () => {
    const { json, codes } = convert(wildcard('/a/{x}'));
    expect(codes).toContain('note path-variable-added');
    expect(json).toHaveProperty(['paths', '/a/{x}', 'get', 'parameters', 0], {
      name: 'x',
      in: 'path',
      required: true,
      type: 'string',
    });
  });

  it('drops TRACE with a warning', () => {
    const { codes, emitted } = convert(
      api({ '/a': { get: operation({ operationId: 'a' }), trace: operation() } }),
    );
    expect(codes).toContain('warning method-dropped');
    expect(emitted.operations.map(({ method }) => method)).toEqual(['get']);
  });

  it('writes wildcards as each dialect does, and reads them back', () => {
    const options = { wildcards: ['/files/{path}'] };
    const old = convert(wildcard('/files/{path}'), options);
    expect(Object.keys(old.json.paths ?? {})).toEqual(['/files/{path=**}']);
    const current = convert(old.emitted.contents, { dialect: 'openapi3' });
    expect(current.json).toHaveProperty(
      ['paths', '/files/{path}', 'get', 'parameters', 0, 'x-google-parameter'],
      { pattern: '**' },
    );
    expect(Object.keys(convert(current.emitted.contents).json.paths ?? {})).toEqual(['/files/{path=**}']);
    expect(convert(wildcard('/files/{path}'), { wildcards: ['/other/{x}'] }).codes).toContain(
      'warning wildcard-unmatched',
    );
  });

  it('names operations, and tells names apart as Google does', () => {
    const { emitted, codes } = convert(
      api({
        '/a': { get: operation({ operationId: 'get-x' }), post: operation({ operationId: 'getx' }) },
        '/items/{item_id}': { get: operation() },
        '/': { get: operation() },
      }),
    );
    expect(emitted.operations.map(({ operationId }) => operationId)).toEqual([
      'get-x',
      'getx_2',
      'get_items_item_id',
      'get_root',
    ]);
    expect(codes).toContain('note operation-id-renamed');
  });

  it('adds unprotected preflight operations where there are none', () => {
    const { emitted } = convert(wildcard('/a/{x}'), { cors: true, apiKey: true });
    expect(emitted.operations.map(({ method, security }) => `${method} ${security}`)).toEqual([
      'get api-key',
      'options open',
    ]);
  });

  it('exposes by path and by tag', () => {
    const source = api({
      '/v1/a': { get: operation({ operationId: 'a' }) },
      '/v1/b': { get: operation({ operationId: 'b', tags: ['internal'] }) },
      '/admin': { get: operation({ operationId: 'c' }) },
      '/admin/x/y': { get: operation({ operationId: 'd' }) },
    });
    const names = (expose: object) =>
      convert(source, { expose }).emitted.operations.map(({ operationId }) => operationId);
    expect(names({ include: ['/v1/*'] })).toEqual(['a', 'b']);
    expect(names({ exclude: ['tag:internal', '/admin/**'] })).toEqual(['a']);
  });

  it('says which patterns of exposure do nothing: an error of those that would leave out', () => {
    const source = api({ '/v1/a': { get: operation({ operationId: 'a', tags: ['internal'] }) } });
    const said = (expose: object) =>
      convert(source, { expose }).emitted.diagnostics.flatMap(({ code, severity, message }) =>
        code.endsWith('-unmatched') ? [`${severity}: ${message}`] : [],
      );
    expect(said({ include: ['/v1/*'], exclude: ['/admin/**', 'tag:Internal'] })).toEqual([
      'error: No operation of the document matches !/admin/**, so it leaves nothing out.',
      'error: No operation of the document matches !tag:Internal, so it leaves nothing out.',
    ]);
    expect(said({ include: ['/v1/**', '/v2/**'] })).toEqual([
      'warning: No operation of the document matches /v2/**.',
    ]);
    expect(said({ include: ['/v1/**'], exclude: ['tag:internal'] })).toEqual([]);
  });

  it('keeps a named backend in either dialect, its default translation made explicit', () => {
    const backend = { address: 'https://other.example/f', deadline: 5 };
    const get = operation({ operationId: 'a', 'x-google-backend': backend });
    const source = { swagger: '2.0', info: { title: 'T', version: '1' }, paths: { '/a': { get } } };
    const { json } = convert(source, { dialect: 'openapi3' });
    expect(json).toMatchObject({
      'x-google-backend': 'backend',
      'x-google-api-management': {
        backends: {
          backend: {
            address: BACKEND.address,
            jwtAudience: BACKEND.address,
            pathTranslation: 'APPEND_PATH_TO_ADDRESS',
          },
          'backend-a': {
            address: 'https://other.example/f',
            jwtAudience: 'https://other.example',
            pathTranslation: 'CONSTANT_ADDRESS',
            deadline: 5,
          },
        },
      },
    });
    expect(json).toHaveProperty(['paths', '/a', 'get', 'x-google-backend'], 'backend-a');
    const back = convert(JSON.stringify(json));
    expect(back.json).toHaveProperty(
      ['paths', '/a', 'get', 'x-google-backend', 'path_translation'],
      'CONSTANT_ADDRESS',
    );
  });

  it('lets an operation adjust the backend of the rest', () => {
    const get = operation({ operationId: 'a', 'x-google-backend': { disable_auth: true, deadline: 5 } });
    const source = { swagger: '2.0', info: { title: 'T', version: '1' }, paths: { '/a': { get } } };
    expect(convert(source, { dialect: 'openapi3' }).json).toHaveProperty(
      ['x-google-api-management', 'backends', 'backend-a'],
      { address: BACKEND.address, disableAuth: true, pathTranslation: 'APPEND_PATH_TO_ADDRESS', deadline: 5 },
    );
  });

  it('says that there is no backend', () => {
    expect(convert({ ...wildcard('/a'), 'x-google-backend': 'gone' }).codes).toContain(
      'error backend-undefined',
    );
    const { document } = readDocument({ path: 'a', text: JSON.stringify(wildcard('/a')) });
    if (document === undefined) throw new Error('unread');
    const codes = emit(document, { dialect: 'auto' }).diagnostics.map(({ code }) => code);
    expect(codes).toContain('backend-missing');
  });

  it('serves at the base path of the server', () => {
    const source = {
      ...wildcard('/a'),
      servers: [{ url: 'https://{r}.ex.com/{v}', variables: { r: { default: 'eu' }, v: { default: 'v1' } } }],
    };
    expect(convert(source).json).toMatchObject({ host: 'eu.ex.com', basePath: '/v1', schemes: ['https'] });
    const { json, emitted } = convert(source, { dialect: 'openapi3' });
    expect(json.servers).toEqual([{ url: 'https://eu.ex.com/v1', 'x-google-endpoint': {} }]);
    expect(emitted.operations[0]?.path).toBe('/v1/a');
    expect(convert({ ...wildcard('/a'), servers: [{ url: '/api/v1' }] }).json.host).toBeUndefined();
  });
});
