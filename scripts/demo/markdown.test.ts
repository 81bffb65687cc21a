import { expect, it } from 'vitest';
import { readableMarkdown } from './markdown.ts';

it('aligns tables, unfolds cells and takes marks off', () => {
  const markdown =
    '### Service **hello**\n\nUpdated.\n\n| | |\n|---|---|\n| URL | [x](https://x.example) |\n| Invokers | `a`<br>`b\\|c` |\n\n<sub>1 s in all</sub>\n';
  expect(readableMarkdown(markdown)).toEqual([
    'Service hello',
    '',
    'Updated.',
    '',
    '  URL       x (https://x.example)',
    '  Invokers  a',
    '            b|c',
    '',
    '1 s in all',
  ]);
});
