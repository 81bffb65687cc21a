import { describe, expect, it } from 'vitest';
import { parseSecrets } from './secrets.ts';

const PEM = '-----BEGIN KEY-----\nAAAA=\nBB BB==\n\n# no comment\n-----END KEY-----';

describe('lines of secrets', () => {
  it.each([
    ['A=1\n\n# comment\n B = 2 3 \n', { A: '1', B: '2 3' }],
    [
      'URL=postgres://u:p@h/d?a=b#c\nJSON={"a": "b c"}',
      { URL: 'postgres://u:p@h/d?a=b#c', JSON: '{"a": "b c"}' },
    ],
    [`KEY="""${PEM}"""\nB=2`, { KEY: PEM, B: '2' }],
    [`KEY="""\n${PEM}\n"""\nB=2`, { KEY: PEM, B: '2' }],
    [`KEY<<EOF\n${PEM}\nEOF\nB=2`, { KEY: PEM, B: '2' }],
    ['KEY="""one line"""', { KEY: 'one line' }],
    ['KEY="""a\r\nb\r\n"""\r\nB=2\r\n', { KEY: 'a\nb', B: '2' }],
    ['Q="quoted"\nE=', { Q: '"quoted"', E: '' }],
  ])('%j', (text, secrets) => expect(Object.fromEntries(parseSecrets(text, 'secrets'))).toEqual(secrets));

  it.each([
    ['A=1\nsecond line', /line 2 is no NAME=VALUE/],
    [`KEY=${PEM}`, /line 3 is no NAME=VALUE/],
    ['1A=2', /line 1/],
    ['A=1\nA=2', /sets A twice/],
    ['A="""x\ny', /value of A, from line 1 on, has no end/],
    ['A<<END\nx', /has no end/],
  ])('refuses %j and quotes nothing of it', (text, message) => {
    expect(() => parseSecrets(text, 'secrets')).toThrow(message);
    try {
      parseSecrets(text, 'secrets');
    } catch (error) {
      expect(String(error)).not.toContain('BEGIN');
      expect(String(error)).not.toContain('second');
    }
  });
});
