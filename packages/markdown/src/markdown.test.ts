import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { describe, expect, it } from 'vitest';
import { blocks, code, details, fence, fitted, link, md, numbered, table, url } from './index.ts';
import type { Markdown } from './markdown.ts';

const HOSTILE = [
  ...[
    'a',
    'b c',
    ' ',
    '\n',
    '\r\n',
    '\t',
    '    ',
    '`',
    '```',
    '~~~',
    '|',
    '\\',
    '\\|',
    '"',
    "'",
    '(',
    ')',
    '!',
    '$x$',
  ],
  ...[
    '<script>alert(1)</script>',
    '<img src=x onerror=y>',
    '<!-- gangway x -->',
    '-->',
    '</details>',
    '<https://e.x>',
  ],
  ...[
    '[a](javascript:b)',
    '![a](https://e.x/i.png)',
    '[a]: https://e.x',
    '[^1]',
    '[^1]: a',
    '[ ] ',
    '[x] ',
    ']',
    '[',
  ],
  ...[
    '**b**',
    '*i*',
    '_i_',
    '__b__',
    '~s~',
    '~~s~~',
    '# ',
    '#',
    '- ',
    '-',
    '+ ',
    '* ',
    '1. ',
    '1) ',
    '> ',
    '---',
    '===',
  ],
  ...[
    'https://evil.example/x?a=b',
    'http://e.x',
    'www.evil.example',
    'ftp://e.x',
    'mailto:a@b.co',
    'xmpp:a@b.co',
    'a@b.co',
  ],
  ...[
    '@user',
    '@org/team',
    '#12',
    'o/r#2',
    'GH-1',
    ':smile:',
    ':+1:',
    ':100:',
    '&lt;',
    '&#60;',
    '&copy',
    '&amp;lt;',
    '%0A',
  ],
  ...[
    '\u202eevil',
    '\0',
    '\x1b[31m',
    '\u2028',
    '日本',
    '\u{1f600}',
    '\ud800',
    '```diff',
    'my_service_x',
    '16:30:15',
  ],
];

function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 0) / 0x1_0000_0000;
  };
}

/** GitHub's Markdown as a page shows it: elements, and the text in them. */
function render(markdown: Markdown): {
  readonly tags: readonly string[];
  readonly text: string;
  readonly html: string;
} {
  const html = micromark(markdown.toString(), {
    extensions: [gfm()],
    // Whatever gets through is to be seen.
    htmlExtensions: [gfmHtml()],
    allowDangerousHtml: true,
    allowDangerousProtocol: true,
  });
  const tags = [...html.matchAll(/<[^>]*>/g)].map(([tag]) => tag);
  return { tags: tags.filter((tag) => tag !== '<br>'), text: textOf(html), html };
}

function textOf(html: string): string {
  return squeezed(
    unescaped(html.replace(/<br>|<\/(?:td|th|p|h\d|li|pre|summary)>/g, ' ').replace(/<[^>]*>/g, '')),
  );
}

/** In a block of HTML, character references come as they are written. */
function unescaped(html: string): string {
  return html.replace(/&(?:#(\d+)|lt|gt|quot|amp);/g, (name, number?: string) =>
    number ? String.fromCodePoint(Number(number)) : (NAMED[name] ?? ''),
  );
}

const NAMED: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&amp;': '&' };

/** Without what nobody sees. */
function squeezed(text: string): string {
  return text
    .toWellFormed()
    .replaceAll('\u200b', '')
    .replace(/[\p{Cc}\u202a-\u202e\ufffd]/gu, (c) => (/\s|\x85/.test(c) ? ' ' : ''))
    .replace(/\s+/g, ' ')
    .trim();
}

const PLACES: Readonly<Record<string, (value: string) => Markdown>> = {
  paragraph: (value) => md`${value}`,
  'paragraph with more': (value) => md`The API ${value} was made, ${value}.`,
  heading: (value) => md`### ${value}`,
  'heading with more': (value) => md`### API ${value}`,
  'code in a paragraph': (value) => md`x ${code(value)} y`,
  table: (value) =>
    table(
      ['A', value],
      [
        [value, 'z'],
        ['y', md`v ${value}`],
        ['x', code(value)],
      ],
    ),
  list: (value) => numbered([value, md`move ${value}`, md`x ${code(value)}`]),
  fence: (value) => fence(`x\n${value}`, 'diff'),
  details: (value) => details(value, fence(`x${value}`)),
  label: (value) => md`y ${link(value || 'z', 'https://example.com/')} y`,
  'several blocks': (value) => blocks(md`x ${value}`, fence(`x${value}`), md`y ${value}`),
  'small print': (value) => md`<sub>x ${value} y</sub>`,
};

/** A value that is no structure, with as many words of the same kind. */
const PLAIN = 'plain';

describe.each(Object.entries(PLACES))('a %s', (_, place) => {
  it('shows 500 hostile values as they are, and nothing else', () => {
    const next = random(9);
    const expected = render(place(PLAIN));
    for (let round = 0; round < 500; round++) {
      const value = Array.from(
        { length: 1 + Math.floor(next() * 6) },
        () => HOSTILE[Math.floor(next() * HOSTILE.length)] ?? '',
      ).join('');
      // Where nothing can be seen, there is no element either.
      if (squeezed(value) === '') continue;
      const shown = render(place(value));
      const said = `${JSON.stringify(value)}:\n${place(value)}\n${shown.html}`;
      expect(shown.tags, said).toEqual(expected.tags);
      expect(shown.text.replaceAll(' ', ''), said).toBe(
        expected.text.replaceAll(PLAIN, () => squeezed(value)).replaceAll(' ', ''),
      );
      // What GitHub makes links and pictures of once it is rendered, but not in code.
      const prose = shown.html.replace(/<(code|pre|a)\b[\s\S]*?<\/\1>/g, '').replace(/<[^>]*>/g, '\n');
      expect(unescaped(prose), said).not.toMatch(
        /@[a-z\d]|#\d|\bGH-\d|:(?!\d+:|(?=[a-f]*\d)[\da-f]{1,4}:)[\w+-]+:|:100:/i,
      );
    }
  });
});

describe('an ordinary value', () => {
  it.each([
    'my-service',
    'us-central1',
    'my_service_1',
    'v1.2.3',
    'hello (staging), 2 of 3',
    '100%',
    '1.5 MB',
    '2001:db8::8a2e:370:7334/32',
    "the project's own",
    'Calls /items/{item_id}?',
    'gcr.io/a/b:tag',
    '2026-01-02T03:04:05.000Z',
    '🚀 日本 é “x”',
  ])('%s is the same in the source', (value) => {
    expect(md`${value}`.toString()).toBe(value);
    expect(code(value).toString()).toBe(`\`${value}\``);
    expect(table([value], []).toString()).toBe(`| ${value} |\n|---|`);
  });

  it.each([
    'https://hello-7x.a.run.app',
    'https://hello.fly.dev/',
    'http://127.0.0.1:4000',
    'https://example.com/a/b-c.d~e/',
  ])('%s is a link to itself', (address) => {
    expect(url(address).toString()).toBe(address);
    expect(render(md`${url(address)}, which`).html).toContain(`<a href="${address}">${address}</a>, which`);
  });
});

describe('an address', () => {
  it.each([
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    'data:text/html,x',
    ' https://e.x',
    'https:evil',
    '//e.x',
    '/a',
    'vbscript:x',
    'https://',
  ])('%s is no link', (address) => {
    expect(render(md`x ${link('label', address)} ${url(address)}`).tags).toEqual(['<p>', '</p>']);
  });

  it.each([
    ['https://e.x/a)b(c', 'https://e.x/a%29b%28c'],
    ['https://e.x/a b', 'https://e.x/a%20b'],
    ['https://e.x/"><script>', 'https://e.x/%22%3E%3Cscript%3E'],
    ['https://e.x/|x|`', 'https://e.x/%7Cx%7C%60'],
    ['https://e.x/?a=b&copy=c', 'https://e.x/?a=b&amp;copy=c'],
    [
      'https://e.x/*a*_b_~c~[d]',
      'https://e.x/*a*_b_~c~[d]'.replace(/[*[\]]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`),
    ],
    ['https://me:pass@e.x/', 'https://me:pass@e.x/'],
  ])('%s leads to %s', (address, href) => {
    for (const place of [
      (given: Markdown) => md`x ${given} y`,
      (given: Markdown) => table(['x'], [[given]]),
    ]) {
      const { tags } = render(place(link('label', address)));
      expect(tags.filter((tag) => /^<(?!\/?(?:p|table|t[hdr]|thead|tbody)>)/.test(tag))).toEqual([
        `<a href="${href}">`,
        '</a>',
      ]);
      expect(render(place(url(address))).text).toContain(squeezed(address));
    }
  });
});

describe('Markdown that is too long', () => {
  const rest = md`_More is left out._`;
  const rows = Array.from({ length: 100 }, (_, index) => [`row ${index}`, code('x'.repeat(40))]);
  const long = blocks(md`### T`, table(['a', 'b'], rows), details('more', fence('y\n'.repeat(900))), md`end`);

  it('is cut between lines, and what was open is closed', () => {
    const whole = long.toString();
    for (let limit = 600; limit < whole.length; limit += 97) {
      const cut = fitted(long, limit, rest).toString();
      expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(limit);
      expect(cut.trim().endsWith('_More is left out._')).toBe(true);
      for (const mark of ['```', 'details>']) expect(cut.split(mark).length % 2).toBe(1);
      expect(render(fitted(long, limit, rest)).html).toMatch(/<p><em>More is left out.<\/em><\/p>\s*$/);
    }
  });

  it('is the same when it is not', () => {
    expect(fitted(long, long.toString().length, rest)).toBe(long);
  });

  it('of one line is left out', () => {
    expect(
      fitted(md`${'é'.repeat(1000)}`, 1500, rest)
        .toString()
        .trim(),
    ).toBe('_More is left out._');
  });
});
