import { describe, expect, it } from 'vitest';
import { formatSecrets, parseSecrets } from './secrets.ts';

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

/** flyctl's own reader, rule by rule (internal/command/secrets/parser.go of v0.4.83). */
function flyctlReads(text: string): Map<string, string> {
  const secrets = new Map<string, string>();
  let key: string | undefined;
  let value = '';
  for (const line of text.split('\n').map((line) => line.replace(/\r$/, ''))) {
    if (key !== undefined) {
      if (line.endsWith('"""')) {
        secrets.set(key, value + line.slice(0, -3));
        key = undefined;
      } else value += `${line}\n`;
      continue;
    }
    if (line.startsWith('#') || line.trim() === '') continue;
    const name = line.slice(0, line.indexOf('=')).trim();
    let rest = line.slice(line.indexOf('=') + 1).replace(/^ +/, '');
    const [left = ''] = rest.split('#', 1);
    if (rest.includes('#') && left.split('"').length % 2 === 1) rest = left.replace(/ +$/, '');
    if (rest.startsWith('"""') && rest.endsWith('"""') && rest.length >= 6)
      secrets.set(name, rest.slice(3, -3));
    else if (rest.startsWith('"""')) {
      key = name;
      value = `${rest.slice(3)}\n`;
    } else if (/^".*"$/.test(rest) || /^'.*'$/.test(rest)) secrets.set(name, rest.slice(1, -1));
    else secrets.set(name, rest);
  }
  return secrets;
}

describe('what flyctl is given', () => {
  it.each([
    'plain',
    '',
    ' spaces around ',
    'a#b',
    'a"b#c',
    'a""b#c',
    '""#x',
    '"',
    '"""',
    "'single'",
    '"double"',
    '#first',
    'ends with "',
    'it\'s # a "thing"',
    '{"a": "b # c"}',
    PEM,
    '\nstarts with a line break',
    'ends with one\n',
    'line # comment\nsecond "" # line',
  ])('says %j exactly', (value) => {
    const secrets = new Map([
      ['BEFORE', '1'],
      ['S', value],
      ['AFTER', '2'],
    ]);
    expect(flyctlReads(formatSecrets(secrets))).toEqual(secrets);
  });

  it.each(['a\r\nb', 'a"#\nb', 'a\nb"""\nc', 'x'.repeat(70_000)])('refuses what it can not say', (value) => {
    expect(() => formatSecrets(new Map([['S', value]]))).toThrow("The value of the secret S can't be given");
  });
});
