import { describe, expect, it } from 'vitest';
import { emit } from '../../emit/emit-source.ts';
import { backendFor, readBackends } from './prefixes.ts';

const LINES = [
  '/orders=https://orders.example',
  '/orders/{id}/lines=https://lines.example,custom',
  '/=https://rest.example/v2/',
];

describe('lines of backends', () => {
  it('are read', () => {
    expect(readBackends(LINES, { deadline: 30 })).toEqual([
      { prefix: '/orders', address: 'https://orders.example', deadline: 30 },
      { prefix: '/orders/{id}/lines', address: 'https://lines.example', jwtAudience: 'custom', deadline: 30 },
      { prefix: '/', address: 'https://rest.example/v2', deadline: 30 },
    ]);
  });

  it.each([
    ['/orders', 'it has no "="'],
    ['orders=https://a.example', 'must start with a slash'],
    ['/orders/*=https://a.example', 'have no * or query'],
    ['/a//b=https://a.example', 'whole segments'],
    ['/a=a.example', 'is not a URL'],
    ['/a=https://a.example?x', 'is not a URL'],
    ['/a=https://a.example,', 'one audience'],
    ['/a=https://a.example,b,c', 'one audience'],
    ['/orders/=https://a.example', 'an earlier line has the prefix /orders too'],
    ['/orders/{other}/lines=https://a.example', 'an earlier line'],
  ])('that are wrong are refused with what to write: %s', (line, problem) => {
    expect(readBackends([...LINES, line])).toEqual({ line, problem: expect.stringContaining(problem) });
  });

  it.each([
    ['/orders', '/orders'],
    ['/orders/', '/orders'],
    ['/orders/{order_id}', '/orders'],
    ['/orders/{order_id}/lines/{n}', '/orders/{id}/lines'],
    ['/orders-old', '/'],
    ['/', '/'],
  ])('that cover %s: the longest, %s', (path, prefix) => {
    const backends = readBackends(LINES);
    if ('problem' in backends) throw new Error(backends.problem);
    expect(backendFor(path, backends)?.prefix).toBe(prefix);
  });
});

describe.each(['openapi3', 'swagger2'] as const)('several backends in %s', (dialect) => {
  const get = { get: { responses: { 200: { description: '' } } } };
  const own = {
    get: { ...get.get, 'x-google-backend': { address: 'https://own.example', jwt_audience: 'own' } },
  };
  const document = {
    swagger: '2.0',
    info: { title: 'T', version: '1' },
    paths: { '/orders/{id}': get, '/users': get, '/orders/own': own },
  };
  const emitted = (lines: readonly string[], more: object = {}) => {
    const backends = readBackends(lines);
    if ('problem' in backends) throw new Error(backends.problem);
    return emit(document, { dialect, backends, ...more });
  };
  const addresses = ({
    document: root,
    operations,
  }: ReturnType<typeof emitted> & { operations?: readonly { path: string; backend?: string }[] }) => {
    expect(root).toBeDefined();
    return Object.fromEntries((operations ?? []).map(({ path, backend }) => [path, backend]));
  };
  const codes = ({ diagnostics }: ReturnType<typeof emitted>) =>
    diagnostics.filter(({ severity }) => severity !== 'note').map(({ code }) => code);

  it('get the paths of their prefixes, each with an audience of its own; what an operation says itself holds', () => {
    const result = emitted(['/orders=https://orders.example', '/users=https://users.example/api,custom']);
    expect(addresses(result)).toEqual({
      '/orders/{id}': 'https://orders.example',
      '/users': 'https://users.example/api',
      '/orders/own': 'https://own.example',
    });
    expect(codes(result)).toEqual([]);
    expect(result.text).toMatch(/"jwt_?[aA]udience": "https:\/\/orders\.example"/);
    expect(result.text).toMatch(/"jwt_?[aA]udience": "custom"/);
    const again = emit(result.document ?? {}, {
      dialect,
      backends: [
        { prefix: '/orders', address: 'https://orders.example' },
        { prefix: '/users', address: 'https://users.example/api', jwtAudience: 'custom' },
      ],
    });
    expect(again.text).toBe(result.text);
    expect(codes(again)).toEqual([]);
  });

  it('are errors at the operations that none of them covers, unless one gets the rest', () => {
    const lines = ['/orders=https://orders.example'];
    const result = emitted(lines);
    expect(codes(result)).toEqual(['backend-prefix-missing']);
    expect(result.diagnostics).toContainEqual(
      expect.objectContaining({
        message: 'GET /users has none of the prefixes /orders, and no other backend is named.',
        pointer: '/paths/~1users/get',
      }),
    );
    expect(codes(emitted(lines, { backend: 'https://rest.example' }))).toEqual([]);
    expect(codes(emitted([...lines, '/=https://rest.example']))).toEqual([]);
  });

  it('are warned of where no operation goes by one', () => {
    const result = emitted(['/=https://all.example', '/gone=https://gone.example']);
    expect(codes(result)).toEqual(['backend-prefix-unmatched']);
  });
});
