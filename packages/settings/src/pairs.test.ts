import { expect, it } from 'vitest';
import { merged } from './pairs.ts';

it('merges, overwrites, keeps and empties', () => {
  expect(merged({ a: 1, b: 2 }, { b: 3 }, 'merge')).toEqual({ a: 1, b: 3 });
  expect(merged({ a: 1, b: 2 }, { b: 3 }, 'overwrite')).toEqual({ b: 3 });
  expect(merged({ a: 1 }, undefined, 'overwrite')).toEqual({ a: 1 });
  expect(merged({ a: 1 }, {}, 'merge')).toEqual({});
});
