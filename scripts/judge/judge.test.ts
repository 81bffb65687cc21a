import { expect, it } from 'vitest';
import type { Document } from './document.ts';
import type { Exchange } from './exchange.ts';
import { judge } from './judge.ts';

/** A document as Google writes them. */
const DOCUMENT: Document = {
  name: 'shop',
  version: 'v1',
  rootUrl: 'https://shop.googleapis.com/',
  parameters: { alt: { type: 'string' }, '$.xgafv': { type: 'string' } },
  resources: {
    shelves: {
      methods: {
        create: {
          id: 'shop.shelves.create',
          httpMethod: 'POST',
          path: 'v1/{+parent}/shelves',
          parameters: {
            parent: { location: 'path', type: 'string', pattern: '^projects/[^/]+$', required: true },
            shelfId: { location: 'query', type: 'string', required: true },
            validateOnly: { location: 'query', type: 'boolean' },
          },
          request: { $ref: 'Shelf' },
          response: { $ref: 'Operation' },
        },
        patch: {
          id: 'shop.shelves.patch',
          httpMethod: 'PATCH',
          path: 'v1/{+name}',
          parameters: {
            name: { location: 'path', type: 'string', pattern: '^projects/[^/]+/shelves/[^/]+$' },
            updateMask: { location: 'query', type: 'string', format: 'google-fieldmask' },
          },
          request: { $ref: 'Shelf' },
          response: { $ref: 'Shelf' },
        },
        get: {
          id: 'shop.shelves.get',
          httpMethod: 'GET',
          path: 'v1/{+name}',
          parameters: {
            name: { location: 'path', type: 'string', pattern: '^projects/[^/]+/shelves/[^/]+$' },
          },
          response: { $ref: 'Shelf' },
        },
      },
    },
  },
  schemas: {
    Shelf: {
      type: 'object',
      properties: {
        name: { type: 'string' },
        theme: { type: 'string', description: 'Required. What it is about.' },
        state: { type: 'string', enum: ['STATE_UNSPECIFIED', 'OPEN', 'CLOSED'] },
        places: { type: 'integer', format: 'int32' },
        bytes: { type: 'string', format: 'int64' },
        sealed: { type: 'boolean' },
        cover: { type: 'string', format: 'byte' },
        lent: { type: 'string', format: 'google-duration' },
        createTime: { type: 'string', format: 'google-datetime', readOnly: true },
        secret: { type: 'string', description: 'Input only. Nobody sees it again.' },
        labels: { type: 'object', additionalProperties: { type: 'string' } },
        books: { type: 'array', items: { $ref: 'Book' } },
      },
    },
    Book: {
      type: 'object',
      properties: { title: { type: 'string', description: 'REQUIRED: On its back.' } },
    },
    Operation: {
      type: 'object',
      properties: {
        name: { type: 'string' },
        done: { type: 'boolean' },
        metadata: { type: 'object', additionalProperties: { type: 'any' } },
        response: { type: 'object', additionalProperties: { type: 'any' } },
        error: { $ref: 'Status' },
      },
    },
    Status: { type: 'object', properties: { code: { type: 'integer' }, message: { type: 'string' } } },
  },
};

const SHELF = {
  name: 'projects/p/shelves/s',
  theme: 'sea',
  state: 'OPEN',
  places: 3,
  bytes: '12',
  createTime: '2026-01-01T00:00:00.5Z',
  labels: { a: 'b' },
  books: [{ title: 'one' }],
};
const TYPE = 'type.googleapis.com/google.cloud.shop.v1.Shelf';
const DONE = {
  name: 'operations/o',
  done: true,
  metadata: { '@type': TYPE, ...SHELF },
  response: { '@type': TYPE, ...SHELF },
};

const CREATE = exchange({
  path: '/v1/projects/p/shelves?shelfId=s&validateOnly=True&$alt=json;enum-encoding=int',
  request: { theme: 'sea', state: 1, places: '3', bytes: 12, books: [{ title: 'one' }], labels: { a: 'b' } },
  answer: DONE,
});
const GET = exchange({ method: 'GET', path: '/v1/projects/p/shelves/s', answer: SHELF });
const PATCH = exchange({
  method: 'PATCH',
  path: '/v1/projects/p/shelves/s?updateMask=theme,labels.my_key',
  request: { theme: 'sky' },
  answer: SHELF,
});
const ERROR = exchange({
  method: 'GET',
  path: '/v1/projects/p/shelves/none',
  status: 404,
  answer: {
    error: {
      code: 404,
      message: 'Not found.',
      status: 'NOT_FOUND',
      details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'GONE' }],
    },
  },
});

it.each([CREATE, GET, PATCH, ERROR])('finds nothing wrong with $method $path', (one) => {
  expect(verdict(one)).toEqual([]);
});

it('has no opinion of a host that Google publishes nothing of', () => {
  expect(judge({ ...GET, host: 'api.machines.dev' }, [DOCUMENT], () => true)).toBeUndefined();
});

it('has no opinion of a body that nobody read, but of the rest', () => {
  const unread = { ...CREATE, request: '', isUnread: true, status: 403 };
  const refused = error(403, { status: 'PERMISSION_DENIED' });
  expect(verdict({ ...unread, answer: refused })).toEqual([]);
  expect(verdict({ ...unread, answer: refused, isUnread: false })).toEqual([
    'client: a required field is not given',
  ]);
  expect(verdict({ ...unread, answer: error(404) })).toContain("cloud: an error's code is not the status");
  expect(verdict({ ...unread, answer: refused, path: '/v1/projects/p/shelves' })).toEqual([
    'client: a required parameter is not given',
  ]);
});

it.each<[kind: string, spoiled: Exchange]>([
  ['no such method', { ...GET, path: '/v1/projects/p/rooms/s' }],
  ['no such method', { ...GET, method: 'PUT' }],
  ['no such method', { ...CREATE, path: '/v1/projects/p/x/shelves?shelfId=s' }],
  ['unknown parameter', { ...GET, path: `${GET.path}?pageSize=1` }],
  ['a required parameter is not given', { ...CREATE, path: '/v1/projects/p/shelves' }],
  ['a parameter is there twice', { ...CREATE, path: `${CREATE.path}&shelfId=t` }],
  ['no boolean', { ...CREATE, path: '/v1/projects/p/shelves?shelfId=s&validateOnly=maybe' }],
  ['the mask names no field', { ...PATCH, path: '/v1/projects/p/shelves/s?updateMask=colour' }],
  [
    'the mask names what is output only',
    { ...PATCH, path: '/v1/projects/p/shelves/s?updateMask=createTime' },
  ],
  ['a body of another type', { ...PATCH, type: 'application/x-www-form-urlencoded' }],
  ['a body that is no object', { ...PATCH, request: '[]' }],
  ['a body that is no object', { ...PATCH, request: '{' }],
  ['a body where none is taken', { ...GET, type: 'application/json', request: '{"a":1}' }],
  ['a required field is not given', sent({ state: 'OPEN' })],
  ['a required field is not given', sent({ theme: 'a', books: [{ title: 'one' }, {}] })],
  ['unknown field', sent({ theme: 'a', colour: 'red' })],
  ['unknown field', sent({ theme: 'a', books: [{ titel: 'x' }] })],
  ['output-only field', sent({ theme: 'a', createTime: '2026-01-01T00:00:00Z' })],
  ['no string', sent({ theme: 5 })],
  ['no int32', sent({ theme: 'a', places: 1.5 })],
  ['no int32', sent({ theme: 'a', places: 2 ** 31 })],
  ['no int64', sent({ theme: 'a', bytes: 'many' })],
  ['no boolean', sent({ theme: 'a', sealed: 'yes' })],
  ['no byte', sent({ theme: 'a', cover: '§' })],
  ['no google-duration', sent({ theme: 'a', lent: '3d' })],
  ['no value of the enum', sent({ theme: 'a', state: 'AJAR' })],
  ['no list', sent({ theme: 'a', books: {} })],
  ['no object', sent({ theme: 'a', labels: 'b' })],
])("is the client's fault: %s", (kind, spoiled) => {
  expect(verdict({ ...spoiled, status: 400, answer: error(400) })).toContainEqual(`client: ${kind}`);
  // A test may send it, to see it refused.
  expect(verdict({ ...spoiled, agent: 'curl', status: 400, answer: error(400) })).toEqual([]);
  if (kind !== 'output-only field')
    expect(verdict({ ...spoiled, agent: 'curl' })).toContainEqual(`cloud: takes: ${kind}`);
});

it.each<[kind: string, spoiled: Exchange]>([
  ['unknown field', shown({ ...SHELF, colour: 'red' })],
  ['unknown field', shown({ ...SHELF, created_time: '' })],
  ['input-only field is shown', shown({ ...SHELF, secret: 'x' })],
  ['no int64', shown({ ...SHELF, bytes: 12 })],
  ['no int32', shown({ ...SHELF, places: '3' })],
  ['no value of the enum', shown({ ...SHELF, state: 'AJAR' })],
  ['the unspecified value of an enum is shown', shown({ ...SHELF, state: 'STATE_UNSPECIFIED' })],
  ['no google-datetime', shown({ ...SHELF, createTime: 'yesterday' })],
  ['an empty list is shown', shown({ ...SHELF, books: [] })],
  ['an empty map is shown', shown({ ...SHELF, labels: {} })],
  ['null', shown({ ...SHELF, theme: null })],
  ['an answer that is no object', { ...GET, answer: '[]' }],
  ['an answer of another type', { ...GET, answerType: 'text/html' }],
  ['another status than 200', { ...GET, status: 201 }],
  ['a type that the document does not have', ended({ ...DONE, metadata: { '@type': `${TYPE}Metadata` } })],
  [
    'a type without type.googleapis.com',
    ended({ ...DONE, metadata: { '@type': 'google.cloud.shop.v1.Shelf' } }),
  ],
  ['unknown field', ended({ ...DONE, metadata: { '@type': TYPE, endTime: 'x' } })],
  ['the metadata of an operation has no @type', ended({ ...DONE, metadata: {} })],
  ['an operation that is done has not one of error and response', ended({ name: 'o', done: true })],
  ['an operation that is not done has a result', ended({ ...DONE, done: false })],
  ['an error without `error`', { ...ERROR, answer: '{}' }],
  ["an error's code is not the status", { ...ERROR, answer: error(409) }],
  ["an error's status is not its code's", { ...ERROR, answer: error(404, { status: 'ABORTED' }) }],
  ['an error without a message', { ...ERROR, answer: error(404, { message: '' }) }],
  ['an unknown field of an error', { ...ERROR, answer: error(404, { hint: 'x' }) }],
  ['a detail without @type', { ...ERROR, answer: error(404, { details: [{}] }) }],
  ['an error of the server', { ...ERROR, status: 500, answer: error(500, { status: 'INTERNAL' }) }],
  ['an error of another type', { ...ERROR, answerType: 'text/html' }],
])("is the cloud's fault: %s", (kind, spoiled) => {
  expect(verdict({ ...spoiled, agent: 'curl' })).toContainEqual(`cloud: ${kind}`);
  // A fault on request is nobody's.
  expect(verdict({ ...spoiled, agent: 'curl', isFault: true })).toEqual([]);
});

function verdict(one: Exchange): string[] {
  const found = judge(one, [DOCUMENT], (agent) => agent === 'gangway') ?? [];
  return found.map(({ by, kind }) => `${by}: ${kind}`);
}

function exchange(given: {
  method?: string;
  path: string;
  request?: unknown;
  status?: number;
  answer: unknown;
}): Exchange {
  const { method = 'POST', path, request, status = 200, answer } = given;
  return {
    host: 'shop.googleapis.com',
    method,
    path,
    agent: 'gangway',
    type: request === undefined ? '' : 'application/json',
    request: request === undefined ? '' : JSON.stringify(request),
    status,
    answerType: 'application/json; charset=UTF-8',
    answer: JSON.stringify(answer),
    isUnread: false,
    source: '',
    isFault: false,
  };
}

function sent(request: object): Exchange {
  return { ...CREATE, request: JSON.stringify(request) };
}

function shown(answer: object): Exchange {
  return { ...GET, answer: JSON.stringify(answer) };
}

function ended(answer: object): Exchange {
  return { ...CREATE, answer: JSON.stringify(answer) };
}

function error(code: number, changed: object = {}): string {
  const status = { 400: 'INVALID_ARGUMENT', 404: 'NOT_FOUND', 409: 'ABORTED' }[code];
  return JSON.stringify({ error: { code, message: 'No.', status, ...changed } });
}
