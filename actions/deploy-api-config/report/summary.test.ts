import { expect, it } from 'vitest';
import { operationTable } from './summary.ts';

type Row = Parameters<typeof operationTable>[0][number];
const operation = (path: string, security: Row['security']): Row =>
  ({ method: 'get', path, security }) as Row;

it('tells of each operation what it asks of its callers, the open ones plainest', () => {
  expect(
    operationTable([
      operation('/', 'open'),
      operation('/a', 'api-key'),
      operation('/b', 'jwt'),
      operation('/c/{id}', 'api-key+jwt'),
    ])
      .toString()
      .split('\n'),
  ).toEqual([
    '| Operation | Protected by |',
    '|---|---|',
    '| `GET /` | **open** |',
    '| `GET /a` | API key |',
    '| `GET /b` | JWT |',
    '| `GET /c/{id}` | API key and JWT |',
  ]);
});

it('shows fifty, and counts the others', () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => operation(`/${index}`, 'jwt'));
  expect(operationTable(many(50)).toString().split('\n')).toHaveLength(52);
  expect(operationTable(many(50)).toString()).not.toContain('more');
  expect(operationTable(many(63)).toString().split('\n').slice(-2)).toEqual([
    '| `GET /49` | JWT |',
    '| … and 13 more | |',
  ]);
});
