import { describe, expect, it } from 'vitest';
import { api, convert, operation } from '../../test/convert.ts';

/** The path that Swagger 2.0 gets for one, and what is said of it but that variables are declared. */
function routed(path: string, parameters: readonly string[] = []) {
  const declared = parameters.map((name) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const source = api({ [path]: { get: operation({ operationId: 'a', parameters: declared }) } });
  const { json, diagnostics } = convert(source);
  const codes = diagnostics.map(({ severity, code }) => `${severity} ${code}`);
  const kept = codes.filter((code) => !/variable-added|open-operations/.test(code));
  return [Object.keys(json.paths ?? {})[0], ...kept];
}

describe('catch-alls', () => {
  it.each([
    ['/f/{p=**}', '/f/{p=**}'],
    ['/f/{proxy+}', '/f/{proxy=**}'],
    ['/f/{+name}', '/f/{name=**}'],
    ['/f/{*path}', '/f/{path=**}'],
    ['/f/{**slug}', '/f/{slug=**}'],
    ['/f/{**}', '/f/{path=**}'],
    ['/f/{p*}', '/f/{p=**}'],
    ['/f/{path...}', '/f/{path=**}'],
    ['/f/{...}', '/f/{path=**}'],
    ['/f/{*}', '/f/{path=**}'],
    ['/f/{p:path}', '/f/{p=**}'],
    ['/f/{rest:.+}', '/f/{rest=**}'],
    ['/f/{rest:.*}', '/f/{rest=**}'],
    ['/f/{rest : .*}', '/f/{rest=**}'],
    ['/f/{rest:[a-z/]+}', '/f/{rest=**}'],
    ['/f/{rest:(?:[^/]+/)*[^/]+}', '/f/{rest=**}'],
    ['/f/{path<.+>}', '/f/{path=**}'],
  ])('%s becomes %s', (path, wildcard) => {
    const [written, ...codes] = routed(path);
    expect(written).toBe(wildcard);
    expect(codes).toEqual(path === wildcard ? [] : ['note wildcard-read']);
  });

  it('finds the parameter by either name', () => {
    expect(routed('/f/{proxy+}', ['proxy+'])).toEqual(['/f/{proxy=**}', 'note wildcard-read']);
    expect(routed('/f/{+name}', ['name'])).toEqual(['/f/{name=**}', 'note wildcard-read']);
  });

  it.each([
    ['/f/{id:int}', '/f/{id}'],
    ['/f/{id:[0-9]+}', '/f/{id}'],
    ['/f/{id:\\d{3}}', '/f/{id}'],
    ['/f/{slug:regex(^[a-z]+$)}', '/f/{slug}'],
    ['/f/{id<\\d+>}', '/f/{id}'],
    ['/f/{id2}', '/f/{id2}'],
  ])('%s stays one segment, %s', (path, single) => {
    expect(routed(path)[0]).toBe(single);
    expect(routed(path).filter((code) => /wildcard|narrowed/.test(code ?? ''))).toEqual([]);
  });

  it.each([
    ['/f/{id?}', '/f/{id}', 'warning path-narrowed'],
    ['/f/{p*2}', '/f/{p=**}', 'warning path-narrowed'],
    ['/f/*', '/f/*', 'warning path-narrowed'],
    ['/f/:id', '/f/:id', 'warning path-notation'],
    ['/f/<id>', '/f/<id>', 'warning path-notation'],
  ])('%s is written %s, with a warning', (path, written, code) => {
    expect(routed(path)).toEqual(expect.arrayContaining([written, code]));
  });

  it('reads the pattern of a variable as the segments that it stands for', () => {
    expect(routed('/v1/{parent=publishers/*}/books', ['parent'])).toEqual([
      '/v1/publishers/{parent}/books',
      'note path-pattern-expanded',
    ]);
    expect(routed('/v1/{name=shelves/*/books/**}')[0]).toBe('/v1/shelves/{name}/books/{name_2=**}');
  });

  it('takes a wildcard before the last segment for an error, and a * for all that is asked', () => {
    expect(routed('/f/{p+}/x')).toContain('error path-invalid');
    const source = api({ '/f/*': { get: operation({ operationId: 'a' }) } });
    const { json, codes } = convert(source, { wildcards: ['/f/*'] });
    expect(Object.keys(json.paths ?? {})).toEqual(['/f/**']);
    expect(codes).not.toContain('warning path-narrowed');
    expect(
      Object.keys(convert(source, { wildcards: ['/f/*'], dialect: 'openapi3' }).json.paths ?? {}),
    ).toEqual(['/f/{segment}']);
  });
});
