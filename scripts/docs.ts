/**
 * Writes the tables of each action's README from its action.yml, and that of docs/openapi.md from the catalogue of
 * diagnostics, between the marks. With --check it writes nothing and fails if one is out of date.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { catalogueTable } from '@gangway/openapi';
import { parse } from 'yaml';

interface ActionFile {
  inputs?: Record<string, { description: string; required?: boolean; default?: string }>;
  outputs?: Record<string, { description: string }>;
}

const root = resolve(import.meta.dirname, '..');
const check = process.argv.includes('--check');
const stale: string[] = [];

for (const name of readdirSync(join(root, 'actions'))) {
  const action = parse(readFileSync(join(root, 'actions', name, 'action.yml'), 'utf8')) as ActionFile;
  update(`actions/${name}/README.md`, { inputs: inputTable(action), outputs: outputTable(action) });
}
update('docs/openapi.md', { diagnostics: catalogueTable() });

if (check && stale.length > 0) {
  console.error(`Out of date: ${stale.join(', ')}. Run "npm run docs".`);
  process.exitCode = 1;
}

function update(file: string, tables: Readonly<Record<string, string>>): void {
  const path = join(root, file);
  const before = readFileSync(path, 'utf8');
  const after = Object.entries(tables).reduce((text, [mark, table]) => replace(text, mark, table), before);
  if (after === before) return;
  stale.push(file);
  if (!check) writeFileSync(path, after);
}

function inputTable({ inputs = {} }: ActionFile): string {
  const rows = Object.entries(inputs).map(([name, { description, required, default: value }]) => {
    const fallback = required ? '**required**' : value ? `\`${value}\`` : '';
    return `| \`${name}\` | ${cell(description)} | ${fallback} |`;
  });
  return ['| Input | What it is | Default |', '|---|---|---|', ...rows].join('\n');
}

function outputTable({ outputs = {} }: ActionFile): string {
  const rows = Object.entries(outputs).map(
    ([name, { description }]) => `| \`${name}\` | ${cell(description)} |`,
  );
  return ['| Output | What it is |', '|---|---|', ...rows].join('\n');
}

function replace(text: string, mark: string, table: string): string {
  const pattern = new RegExp(`(<!-- ${mark} -->\n)[\\s\\S]*?(<!-- /${mark} -->)`);
  if (!pattern.test(text)) throw new Error(`A page lacks the marks <!-- ${mark} --> and <!-- /${mark} -->`);
  return text.replace(pattern, (_, open: string, close: string) => `${open}${table}\n${close}`);
}

function cell(text: string): string {
  return text
    .trim()
    .replaceAll('|', '\\|')
    .replace(/\s*\n\s*/g, ' ');
}
