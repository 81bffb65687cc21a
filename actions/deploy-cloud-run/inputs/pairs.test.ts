import { describe, expect, it } from 'vitest';
import { merged, readPairs } from './pairs.ts';

describe('readPairs', () => {
  it.each<[string, string[], Record<string, string> | undefined]>([
    ['nothing', [], undefined],
    ['none at all', ['{}'], {}],
    ['lines', ['A=1', 'B=b=c'], { A: '1', B: 'b=c' }],
    ['commas before another name', ['A=1,B=2, C=3'], { A: '1', B: '2', C: '3' }],
    ['commas within a value', ['A={"a":1,"b":2}', 'B=x, y'], { A: '{"a":1,"b":2}', B: 'x, y' }],
    ['a comma kept by a backslash', ['A=x\\,B=1'], { A: 'x,B=1' }],
    ['quoted values, spaces and all', ['A=" a,B=1 "', "C='c'"], { A: ' a,B=1 ', C: 'c' }],
    ['an empty value', ['A='], { A: '' }],
    ['paths of files', ['A=a:1,/x/y=b:2'], { A: 'a:1', '/x/y': 'b:2' }],
  ])('reads %s', (_, lines, expected) => expect(readPairs('env_vars', lines)).toEqual(expected));

  it('names the line that is no pair, and not what is on it', () => {
    expect(() => readPairs('env_vars', ['A=1', 'hunter2'])).toThrow(
      /^Input "env_vars" is not valid: line 2 is no NAME=VALUE\.$/,
    );
    expect(() => readPairs('env_vars', ['A=1,A=2'])).toThrow('"A"');
  });
});

it('merges, overwrites, keeps and empties', () => {
  expect(merged({ a: 1, b: 2 }, { b: 3 }, 'merge')).toEqual({ a: 1, b: 3 });
  expect(merged({ a: 1, b: 2 }, { b: 3 }, 'overwrite')).toEqual({ b: 3 });
  expect(merged({ a: 1 }, undefined, 'overwrite')).toEqual({ a: 1 });
  expect(merged({ a: 1 }, {}, 'merge')).toEqual({});
});
