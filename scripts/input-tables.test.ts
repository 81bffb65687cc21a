import { expect, it } from 'vitest';
import { inputTables } from './input-tables.ts';

const TEXT = `
inputs:
  # Group: What
  name:
    description: Name, as A|B
    required: true
  # Group: How
  # renovate: not a group
  speed:
    description: >
      How
      fast
    default: "7"
`;

it('has a table for each group of inputs, in their order', () => {
  expect(inputTables(TEXT).split('\n')).toEqual([
    '### What',
    '',
    '| Input | Description | Default |',
    '|---|---|---|',
    '| `name` | Name, as A\\|B | **required** |',
    '',
    '### How',
    '',
    '| Input | Description | Default |',
    '|---|---|---|',
    '| `speed` | How fast | `7` |',
  ]);
});

it('has one table without a heading where there are no groups', () => {
  expect(inputTables(TEXT.replaceAll(/ *# Group.*\n/g, '')).match(/^(#|\| Input)/gm)).toEqual(['| Input']);
});
