import { describe, expect, it } from 'vitest';
import { readListedPairs } from './listed-pairs.ts';
import { PairError } from './pair.ts';

function read(text: string): { pairs: Record<string, string>; warnings: readonly string[] } {
  const { pairs, warnings } = readListedPairs(text);
  return { pairs: Object.fromEntries(pairs.map(({ name, value }) => [name, value])), warnings };
}

const CERTIFICATE = [
  '-----BEGIN PRIVATE KEY-----',
  'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQDRJRbmz9Qi7or8',
  'ftyRyC/83GkAjs88l5eGxNE=',
  '-----END PRIVATE KEY-----',
];

/** The cases of tests/kv.test.ts in google-github-actions/actions-utils v1.0.1, `#parseKVString`. */
describe("google-github-actions' own table", () => {
  it.each<[string, string, Record<string, string>]>([
    ['empty string', '', {}],
    ['empty value', 'FOO=', { FOO: '' }],
    ['single value', 'FOO=bar', { FOO: 'bar' }],
    ['multi value', 'FOO=bar,ZIP=zap', { FOO: 'bar', ZIP: 'zap' }],
    ['value with equals', 'FOO=bar=baz', { FOO: 'bar=baz' }],
    ['value with many equals', 'FOO=bar=baz;zip=zap;zinc=atom', { FOO: 'bar=baz;zip=zap;zinc=atom' }],
    [
      'comma-separated value with many equals',
      'FOO=bar=baz,ZIP=zap=flap==,ZINC=atom',
      { FOO: 'bar=baz', ZIP: 'zap=flap==', ZINC: 'atom' },
    ],
    [
      'value with consecutive equals',
      'FOO=bar==baz;zip===zap;zinc====atom',
      { FOO: 'bar==baz;zip===zap;zinc====atom' },
    ],
    ['value with trailing equals', 'FOO=aGVsbG8gd29ybGQhCg==', { FOO: 'aGVsbG8gd29ybGQhCg==' }],
    ['trims', '  FOO= bar, ZIP= zap ', { FOO: 'bar', ZIP: 'zap' }],
    ['multiline', '\n  FOO=bar\n  ZIP=zap\n', { FOO: 'bar', ZIP: 'zap' }],
    [
      'multiline trailing commas',
      '\n  FOO=bar,\n  ZIP=zap,\n  BAZ=bam\n',
      { FOO: 'bar', ZIP: 'zap', BAZ: 'bam' },
    ],
    ['multiline escaped', '\n  FOO=bar\\\nbaz\n', { FOO: 'bar\nbaz' }],
    ['certificate', `\n  FOO=${CERTIFICATE.join('\\\n')}\n`, { FOO: CERTIFICATE.join('\n') }],
    ['escaped comma key', 'FOO\\,BAR=baz,ZIP=zap', { 'FOO,BAR': 'baz', ZIP: 'zap' }],
    ['double escaped comma key', 'FOO\\\\\\,BAR=baz,ZIP=zap', { 'FOO\\,BAR': 'baz', ZIP: 'zap' }],
    ['escaped slash key', 'FOO\\\\BAR=baz,ZIP=zap', { 'FOO\\BAR': 'baz', ZIP: 'zap' }],
    ['escaped comma value', 'FOO=bar\\,baz,ZIP=zap', { FOO: 'bar,baz', ZIP: 'zap' }],
    ['double escaped comma value', 'FOO=bar\\\\\\,baz,ZIP=zap', { FOO: 'bar\\,baz', ZIP: 'zap' }],
    ['escaped slash value', 'FOO=BAR\\\\baz,ZIP=zap', { FOO: 'BAR\\baz', ZIP: 'zap' }],
    ['a comma at the end', 'A=1,B=2,', { A: '1', B: '2' }],
    ['two commas', 'A=1,,B=2', { A: '1', B: '2' }],
    ['an unusual line break', 'A=1\u2028B=2\rC=3', { A: '1', B: '2', C: '3' }],
  ])('%s', (_, text, expected) => expect(read(text)).toEqual({ pairs: expected, warnings: [] }));

  // There "no value" is an empty variable, which a line of a certificate becomes just so.
  it.each([
    ['no value', 'FOO'],
    ['missing key', '=bar'],
    ['a backslash at the end', 'A=\\'],
  ])('refuses %s', (_, text) => expect(() => read(text)).toThrow(PairError));
});

describe('what no one could use as google-github-actions reads it', () => {
  it.each<[string, Record<string, string>]>([
    ['O="https://a","https://b"', { O: '"https://a","https://b"' }],
    ['O="https://a","https://b",P=1', { O: '"https://a","https://b"', P: '1' }],
    ['A="x,B=1",C=2', { A: 'x,B=1', C: '2' }],
    ["A=' x,B=1 ',C=2", { A: ' x,B=1 ', C: '2' }],
    ['A={"a":"}x,B=1","b":[1,2]},C=2', { A: '{"a":"}x,B=1","b":[1,2]}', C: '2' }],
    ['A=[a,B=1],C=(b,D=1),E=2', { A: '[a,B=1]', C: '(b,D=1)', E: '2' }],
    ['A="{"a":"x","b":2}"', { A: '{"a":"x","b":2}' }],
    ["A=it's,B=that's", { A: "it's", B: "that's" }],
    ['A={x,B=1', { A: '{x', B: '1' }],
    ['A=$(X),B=a"b', { A: '$(X)', B: 'a"b' }],
    ['A=\\"x\\"', { A: '"x"' }],
    ['A=https://a/?x=1,https://b/?y=2', { A: 'https://a/?x=1,https://b/?y=2' }],
    ['équipe=x,größe=y,a.b-c=1,/x/y=b:2', { équipe: 'x', größe: 'y', 'a.b-c': '1', '/x/y': 'b:2' }],
    ['# c, A=1\nA=2,\n\n  # d\n B = 3', { A: '2', B: '3' }],
    ['A="""\n{\n  "a": "\\n"\n}\n"""\nB=2', { A: '{\n  "a": "\\n"\n}', B: '2' }],
    ['A=1,B="""x,C=3""",\nD=4', { A: '1', B: 'x,C=3', D: '4' }],
    ['A<<END\nx=1,\n\\d\nEND\nB=2', { A: 'x=1,\n\\d', B: '2' }],
  ])('%s', (text, expected) => expect(read(text)).toEqual({ pairs: expected, warnings: [] }));

  it.each([
    ['A=x,y', { A: 'x,y' }, 'the commas in the value of A are part of it'],
    ['A=1 # c', { A: '1 # c' }, 'what follows "#" in the value of A is part of it'],
    ['A=C:\\\nB=2,', { A: 'C:\nB=2' }, 'joins the next one to the value of A'],
    ['A="x" # note', { A: '"x" # note' }, 'what follows "#" in the value of A is part of it'],
    [
      'OTEL=a.b=x,c.d=y',
      { OTEL: 'a.b=x', 'c.d': 'y' },
      'a comma in the value of OTEL comes before another NAME=',
    ],
  ])('warns of %j', (text, pairs, warning) =>
    expect(read(text)).toEqual({ pairs, warnings: [expect.stringContaining(warning)] }),
  );

  it.each([
    ['A=1\nB=a\\nb', 2, 'gives B a backslash that would be taken out'],
    ['A={"k":"x\\"y"}', 1, 'gives A JSON that is no longer valid once its backslashes'],
    ['A="x\nB=2', 1, 'begins a value of A with a quote that nothing closes on that line'],
    ['A="""x\nB=2', 1, 'begins a value of A that has no end'],
    ['A=1\n\nB<<END\nx', 3, 'begins a value of B that has no end'],
  ])('refuses %j', (text, line, message) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({ line, message: expect.stringContaining(message) }),
    );
  });
});
