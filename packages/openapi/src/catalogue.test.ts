import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { catalogueTable } from './catalogue-table.ts';

it('the README lists every code as the catalogue has it', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  expect(readme).toContain(catalogueTable());
});
