import { describe, expect, it } from 'vitest';
import type { CompiledBackend, CompiledOperation, CompiledService } from '../../import/compiled.ts';
import { Rejection } from '../rejection.ts';
import { backendPath } from './backend-path.ts';
import { requestPath } from './request-path.ts';
import { RouteTable } from './route-table.ts';

/*
 * Many of the paths and what becomes of them are those of ESPv2's own dynamic_routing_integration_test (Apache-2.0,
 * https://github.com/GoogleCloudPlatform/esp-v2), which says what the real gateway does.
 */

const ADDRESS = 'https://backend.example.com';

function operation(
  route: string,
  address?: string,
  pathTranslation: CompiledBackend['pathTranslation'] = 'CONSTANT_ADDRESS',
): CompiledOperation {
  const [method = '', pathTemplate = ''] = route.split(' ');
  const backend = {
    address: address ?? '',
    jwtAudience: undefined,
    disableAuth: true,
    pathTranslation,
    deadline: 15,
    protocol: 'http/1.1',
  } as const;
  return {
    method,
    pathTemplate,
    operationId: route,
    backend: address === undefined ? undefined : backend,
    apiKeyRequired: false,
    apiKeyLocations: [],
    jwt: [],
    allowUnregistered: true,
  };
}

const constant = (route: string, path = '/fixed') => operation(route, ADDRESS + path);
const append = (route: string, path = '') => operation(route, ADDRESS + path, 'APPEND_PATH_TO_ADDRESS');

function serviceOf(operations: readonly CompiledOperation[], allowCors = false): CompiledService {
  return { title: 'test', allowCors, operations };
}

const SERVICE = serviceOf([
  append('POST /echo'),
  constant('GET /pet/{pet_id}/num/{number}', '/dynamic/getpetbyid'),
  constant('POST /empty_path', ''),
  constant('GET /root_path', '/'),
  constant('GET /shelves', '/dynamic/shelves'),
  constant('GET /shelves/{SHELF}/books/info/{BOOK}', '/dynamic/bookinfo/'),
  constant('GET /shelves/{SHELF.i_d}/books/id/{BOOK.id}', '/dynamic/bookid'),
  append('GET /searchpet', '/dynamic/searchpet'),
  append('GET /searchdog', '/dynamic/searchdogs/'),
  append('GET /pets/{category}/year/{no}', '/dynamic/listpet'),
  append('GET /searchroot', '/'),
  operation('GET /no-backend'),
  constant('GET /wildcard/a/*/b/{name}/c/**', '/dynamic/const_wildcard'),
  constant('GET /files/{rest=**}:upload', '/dynamic/upload'),
  constant('POST /allow-all/exact-match', '/dynamic/exact'),
  constant('POST /allow-all/{single}', '/dynamic/single'),
  constant('POST /allow-all/{double=**}', '/dynamic/double'),
  append('GET /echo/{id}/path', '/prefix'),
  constant('GET /'),
  append('GET /items:list'),
  append('GET /dots/a.b'),
  append('PUT /users/me'),
  append('GET /users/{id}'),
  append('DELETE /users/{id}'),
]);

/** What the backend of `SERVICE` is asked, or the gateway's own answer. */
function ask(method: string, target: string, service = SERVICE): string {
  try {
    const request = requestPath(target);
    const { operation: found, variables, preflight } = new RouteTable(service).find(method, request.path);
    return `${preflight ? 'preflight ' : ''}${backendPath(found.backend, request, variables)}`;
  } catch (error) {
    if (error instanceof Rejection) return `${error.status} ${error.message}`;
    throw error;
  }
}

const NOT_FOUND = '404 The current request is not defined by this API.';
const wrongMethod = (template: string) =>
  `405 The current request is matched to the defined url template "${template}" but its http method is not allowed`;

describe('a route table', () => {
  it.each([
    // Path translation.
    ['POST', '/echo?key=api-key', '/echo?key=api-key'],
    ['GET', '/pet/123/num/987', '/dynamic/getpetbyid?pet_id=123&number=987'],
    ['GET', '/pet/123/num/987/', '/dynamic/getpetbyid?pet_id=123&number=987'],
    ['GET', '/pet/a%20b/num/9%3B8', '/dynamic/getpetbyid?pet_id=a%20b&number=9%3B8'],
    ['POST', '/empty_path', '/'],
    ['POST', '/empty_path/', '/'],
    ['POST', '/empty_path//', '/'],
    ['GET', '/root_path', '/'],
    ['GET', '/root_path?a=b', '/?a=b'],
    [
      'GET',
      '/pet/31/num/565?lang=US&zone=us-west1',
      '/dynamic/getpetbyid?lang=US&zone=us-west1&pet_id=31&number=565',
    ],
    [
      'GET',
      '/pet/a%20b/num/9%3B8?lang=U%20S&zone=us%3Bwest',
      '/dynamic/getpetbyid?lang=U%20S&zone=us%3Bwest&pet_id=a%20b&number=9%3B8',
    ],
    ['GET', '/shelves/123/books/info/987', '/dynamic/bookinfo?SHELF=123&BOOK=987'],
    ['GET', '/shelves/123/books/info/987/', '/dynamic/bookinfo?SHELF=123&BOOK=987'],
    ['GET', '/shelves/123/books/info/987//', '/dynamic/bookinfo?SHELF=123&BOOK=987'],
    ['GET', '/shelves/221/books/id/2019', '/dynamic/bookid?SHELF.i_d=221&BOOK.id=2019'],
    ['GET', '/shelves', '/dynamic/shelves'],
    ['GET', '/shelves?q=story', '/dynamic/shelves?q=story'],
    ['GET', '/shelves?q=story%3Bbooks', '/dynamic/shelves?q=story%3Bbooks'],
    ['GET', '/searchpet', '/dynamic/searchpet/searchpet'],
    ['GET', '/searchpet?timezone=PST&lang=US', '/dynamic/searchpet/searchpet?timezone=PST&lang=US'],
    ['GET', '/searchpet/?timezone=PST', '/dynamic/searchpet/searchpet/?timezone=PST'],
    ['GET', '/searchdog', '/dynamic/searchdogs/searchdog'],
    ['GET', '/searchdog?timezone=U%20C%3BT', '/dynamic/searchdogs/searchdog?timezone=U%20C%3BT'],
    ['GET', '/pets/cat/year/2018', '/dynamic/listpet/pets/cat/year/2018'],
    ['GET', '/pets/cat/year/2018/', '/dynamic/listpet/pets/cat/year/2018/'],
    [
      'GET',
      '/pets/c%20t/year/2018%3B2019?zone=us%3Bwest',
      '/dynamic/listpet/pets/c%20t/year/2018%3B2019?zone=us%3Bwest',
    ],
    ['GET', '/searchroot?zone=us-central1&lang=en', '/searchroot?zone=us-central1&lang=en'],
    // Wildcards.
    ['GET', '/wildcard/a/1/b/2/c/3', '/dynamic/const_wildcard?name=2'],
    ['GET', '/wildcard/a/1/b/2/c/3/4/5', '/dynamic/const_wildcard?name=2'],
    ['GET', '/wildcard/a/1/b/2/c/', '/dynamic/const_wildcard?name=2'],
    ['GET', '/wildcard/a/1/b/2/c/3/4/5?key=value', '/dynamic/const_wildcard?key=value&name=2'],
    ['GET', '/wildcard/a/1/b/2/c', NOT_FOUND],
    ['GET', '/wildcard/a/b/2/c/', NOT_FOUND],
    ['GET', '/wildcard/a/1/2/3/b/4/c/', NOT_FOUND],
    ['GET', '/files/x/9/8/7:upload', '/dynamic/upload?rest=x/9/8/7'],
    ['GET', '/files/x/9/8/7/:upload', '/dynamic/upload?rest=x/9/8/7/'],
    ['GET', '/files/x/9/8/7:download', NOT_FOUND],
    // The most specific template first.
    ['POST', '/allow-all/exact-match', '/dynamic/exact'],
    ['POST', '/allow-all/one', '/dynamic/single?single=one'],
    ['POST', '/allow-all/one/', '/dynamic/single?single=one'],
    ['POST', '/allow-all/one/two', '/dynamic/double?double=one/two'],
    ['POST', '/allow-all/one/two/', '/dynamic/double?double=one/two'],
    ['POST', '/allow-all/one/two///', '/dynamic/double?double=one/two'],
    ['POST', '/allow-all/', '/dynamic/double?double='],
    ['POST', '/allow-all', NOT_FOUND],
    // Normalisation.
    ['GET', '/echo/123/path', '/prefix/echo/123/path'],
    ['GET', '/echo/123/path/', '/prefix/echo/123/path/'],
    ['GET', '/echo/123/path//', '/prefix/echo/123/path/'],
    ['GET', '/echo/123/../123/path/', '/prefix/echo/123/path/'],
    ['GET', '/echo/./123/path', '/prefix/echo/123/path'],
    ['GET', '/echo/%2e%2e/echo/123/path', '/prefix/echo/123/path'],
    ['GET', '/../../echo/123/path', '/prefix/echo/123/path'],
    ['GET', '//echo///123//path', '/prefix/echo/123/path'],
    ['GET', '/echo\\123\\path', '/prefix/echo/123/path'],
    ['GET', '/echo/%4A/path/', '/prefix/echo/J/path/'],
    ['GET', '/echo/%4a/path/', '/prefix/echo/J/path/'],
    ['GET', '/echo/12%2F3/path/', '/prefix/echo/12%2F3/path/'],
    ['GET', '/echo/123/path/?param1=%4A/../test', '/prefix/echo/123/path/?param1=%4A/../test'],
    ['GET', '/echo/123/PATH/', NOT_FOUND],
    ['GET', '/echo/12/3/path', NOT_FOUND],
    ['GET', '/echo/123/path/more', NOT_FOUND],
    // Exact text.
    ['GET', '/', '/fixed'],
    ['GET', '/?q=1', '/fixed?q=1'],
    ['GET', '/items:list', '/items:list'],
    ['GET', '/items/:list', '/items/:list'],
    ['GET', '/items', NOT_FOUND],
    ['GET', '/dots/a.b', '/dots/a.b'],
    ['GET', '/dots/axb', NOT_FOUND],
    ['GET', '/no-backend', NOT_FOUND],
    ['GET', '/unknown', NOT_FOUND],
    // Methods: another template may still take the request.
    ['GET', '/users/me', '/users/me'],
    ['PUT', '/users/me', '/users/me'],
    ['DELETE', '/users/me', '/users/me'],
    ['PUT', '/users/1', wrongMethod('/users/{id}')],
    ['POST', '/users/me', wrongMethod('/users/me')],
    ['DELETE', '/echo', wrongMethod('/echo')],
    ['OPTIONS', '/pet/1/num/2', wrongMethod('/pet/{pet_id}/num/{number}')],
    ['OPTIONS', '/unknown', NOT_FOUND],
    // Limits.
    ['GET', '/echo/1/path#x', '400 Path cannot contain fragment identifier (#)'],
    ['GET', `/${'a'.repeat(8192)}`, '400 Path is too long, max allowed size is 8192.'],
    ['GET', `/shelves?${'a'.repeat(8183)}`, `/dynamic/shelves?${'a'.repeat(8183)}`],
  ])('%s %s -> %s', (method, target, expected) => {
    expect(ask(method, target)).toBe(expected);
  });

  it('lets preflights through to the backend of their path when the document allows CORS', () => {
    const operations = [
      constant('GET /pet/{id}', '/pets'),
      append('POST /pet/{id}', '/other'),
      append('OPTIONS /own', '/declared'),
    ];
    const open = serviceOf(operations, true);
    expect(ask('OPTIONS', '/pet/1?a=b', open)).toBe('preflight /pets?a=b&id=1');
    expect(ask('OPTIONS', '/own', open)).toBe('/declared/own');
    expect(ask('OPTIONS', '/other', open)).toBe(NOT_FOUND);
    expect(ask('DELETE', '/pet/1', open)).toBe(wrongMethod('/pet/{id}'));
  });

  it('takes what follows ** before ** itself', () => {
    const operations = [
      constant('GET /**', '/all'),
      constant('GET /**:verb', '/verb'),
      constant('GET /a/{x=**}', '/a'),
    ];
    expect(ask('GET', '/b/c:verb', serviceOf(operations))).toBe('/verb');
    expect(ask('GET', '/b/c', serviceOf(operations))).toBe('/all');
    expect(ask('GET', '/a/c', serviceOf(operations))).toBe('/a?x=c');
  });
});
