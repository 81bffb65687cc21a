import { expect, it } from 'vitest';
import { asciicast } from './cast.ts';
import { animation } from './svg.ts';

const LINES = [
  { at: 0.2, text: '$ gangway demo' },
  { at: 30, text: '\u001b[32m✓\u001b[39m \u001b[90mdeploy /\u001b[39m build <a & "b">' },
  { at: 30.1, text: `\u001b[1m${'x'.repeat(50)}\u001b[22m` },
];

it('shows each line in its colours, and no wait longer than a moment', () => {
  const svg = animation(LINES, 40, 'a <title>');
  expect(svg).toContain(
    '<tspan class="g">✓</tspan> <tspan class="d">deploy /</tspan> build &lt;a &amp; &quot;b&quot;&gt;',
  );
  expect([...svg.matchAll(/animation-delay:([\d.]+)s/g)].map(([, delay]) => delay)).toEqual([
    '0.20',
    '1.70',
    '1.80',
  ]);
  expect(svg).toContain(`<tspan class="b">${'x'.repeat(39)}…</tspan>`);
  expect(svg).toContain('aria-label="a &lt;title&gt;"');
  expect(svg).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)/);
});

it('is an asciicast, too', () => {
  const [header, ...events] = asciicast(LINES, 40, 't')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(header).toEqual({ version: 2, width: 40, height: 4, title: 't' });
  expect(events[0]).toEqual([0.2, 'o', '$ gangway demo\r\n']);
});
