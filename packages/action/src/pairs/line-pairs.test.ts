import { describe, expect, it } from 'vitest';
import { readLinePairs } from './line-pairs.ts';

const PEM = '-----BEGIN KEY-----\nAAAA=\nBB BB==\n\n# no comment\n-----END KEY-----';
const read = (text: string) =>
  Object.fromEntries(readLinePairs(text).map(({ name, value }) => [name, value] as const));

describe('lines of NAME=VALUE', () => {
  it.each<[string, Record<string, string>]>([
    ['', {}],
    ['A=1\n\n# comment\n B = 2 3 \n', { A: '1', B: '2 3' }],
    [
      'URL=postgres://u:p@h/d?a=b#c\nJSON={"a": "b c"}',
      { URL: 'postgres://u:p@h/d?a=b#c', JSON: '{"a": "b c"}' },
    ],
    ['RE=^\\d+,A=1\\\nQ="quoted"\nE=', { RE: '^\\d+,A=1\\', Q: '"quoted"', E: '' }],
    [`KEY="""${PEM}"""\nB=2`, { KEY: PEM, B: '2' }],
    [`KEY="""\n${PEM}\n"""\nB=2`, { KEY: PEM, B: '2' }],
    [`KEY<<EOF\n${PEM}\nEOF\nB=2`, { KEY: PEM, B: '2' }],
    ['KEY="""one line"""', { KEY: 'one line' }],
    ['KEY="""a\r\nb\r\n"""\r\nB=2\r\n', { KEY: 'a\nb', B: '2' }],
  ])('%j', (text, pairs) => expect(read(text)).toEqual(pairs));

  // The cases of __tests__/util.test.ts in docker/actions-toolkit, as far as they are pairs.
  it.each<[string, Record<string, string>]>([
    ['foo=bar\nbar=qux#baz', { foo: 'bar', bar: 'qux#baz' }],
    [
      'GIT_AUTH_TOKEN=abcdefgh,ijklmno=0123456789\n"MYSECRET=aaaaaaaa\nbbbbbbb\nccccccccc"\nFOO=bar',
      {
        GIT_AUTH_TOKEN: 'abcdefgh,ijklmno=0123456789',
        MYSECRET: 'aaaaaaaa\nbbbbbbb\nccccccccc',
        FOO: 'bar',
      },
    ],
    ['FOO=bar\n"EMPTYLINE=aaaa\n\nbbbb\nccc"', { FOO: 'bar', EMPTYLINE: 'aaaa\n\nbbbb\nccc' }],
    [
      '"MYSECRET=aaaaaaaa\nbbbb""bbb\nccccccccc"\nFOO=bar',
      { MYSECRET: 'aaaaaaaa\nbbbb"bbb\nccccccccc', FOO: 'bar' },
    ],
    ['"KEY=TEST\nTEST\n\n\n"\n', { KEY: 'TEST\nTEST\n\n\n' }],
  ])("of docker's %j", (text, pairs) => expect(read(text)).toEqual(pairs));

  it.each([
    ['A=1\nsecond line', 2, 'is not NAME=VALUE'],
    [`KEY=${PEM}`, 3, 'is not NAME=VALUE'],
    ['MYSECRET=aaaaaaaa\nbbbbbbb', 2, 'is not NAME=VALUE'],
    ['=1', 1, 'is not NAME=VALUE'],
    ['"A=1', 1, 'is not NAME=VALUE'],
    ['A="""x\ny', 1, 'begins a value of A that has no end'],
    ['A<<END\nx', 1, 'begins a value of A that has no end'],
  ])('refuses %j and quotes nothing of it', (text, line, message) => {
    expect(() => readLinePairs(text)).toThrow(expect.objectContaining({ line, message }));
  });
});
