import { expect, it } from 'vitest';
import { decode, encode } from './encode.ts';

it.each([
  [
    new Map<unknown, unknown>([
      ['a', new Set([1, 2])],
      [3, { b: [Buffer.from('é')] }],
    ]),
  ],
  [{ $map: 1 }],
  [{ $bytes: 'AA==', other: null }],
  [{ nested: { $object: { $set: [] } } }],
  ['text', 0, true, null, [], {}],
])('brings back %j', (...values) => {
  expect(decode(encode(values))).toEqual(values);
});

it('leaves out what is undefined, and refuses what would come back as something else', () => {
  expect(decode(encode({ a: undefined, b: 1 }))).toEqual({ b: 1 });
  expect(() => encode({ a: [new Date(0)] })).toThrow(".a[0] can't be saved: it is [object Date].");
  expect(() => encode({ a: () => 1 })).toThrow('.a');
  expect(() => encode({ a: Number.NaN })).toThrow('.a');
  expect(() => encode({ a: new (class Kept {})() })).toThrow('.a');
});
