/**
 * Writes what is made of action.yml: the tables of each action's README, the list of its inputs for the code, the generated
 * regions of the public workflows and docs/workflows.md; the table of docs/openapi.md from the catalogue of diagnostics; those of
 * docs/local-cloud.md from the routes of the local cloud's services; and those of docs/troubleshooting.md and docs/credentials.md from
 * the table of errors; those of docs/migrating from what `gangway migrate` follows; and the pictures of docs/diagrams from their sources.
 * With --check it writes nothing and fails if one is out of date.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { catalogueTable } from '@gangway/openapi';
import { parse } from 'yaml';
import { pictures } from './diagrams/pictures.ts';
import { cell, inputTables } from './input-tables.ts';
import { localCloudTables } from './local-cloud-page/page.ts';
import { migratingTables } from './migrating/page.ts';
import { credentialsTables, troubleshootingTables } from './troubleshooting/page.ts';
import { workflowTables } from './workflows/page.ts';
import { REACH } from './workflows/reach.ts';
import { withRegions } from './workflows/regions.ts';

interface ActionFile {
  inputs?: Record<string, unknown>;
  outputs?: Record<string, { description: string }>;
}

const root = resolve(import.meta.dirname, '..');
const check = process.argv.includes('--check');
const stale: string[] = [];

for (const name of readdirSync(join(root, 'actions'))) {
  const text = readFileSync(join(root, 'actions', name, 'action.yml'), 'utf8');
  const action = parse(text) as ActionFile;
  update(`actions/${name}/README.md`, { inputs: inputTables(text), outputs: outputTable(action) });
  write(`actions/${name}/declared-inputs.ts`, inputList(action));
}
update('docs/openapi.md', { diagnostics: catalogueTable() });
for (const workflow of Object.keys(REACH))
  write(`.github/workflows/${workflow}`, withRegions(root, workflow));
update('docs/workflows.md', workflowTables(root));
update('docs/local-cloud.md', localCloudTables(root));
for (const [page, tables] of Object.entries(migratingTables())) update(`docs/migrating/${page}.md`, tables);
update('docs/troubleshooting.md', { problems: troubleshootingTables(root) });
update('docs/credentials.md', credentialsTables());
for (const [file, picture] of pictures(root)) write(file, picture);

if (check && stale.length > 0) {
  console.error(`Out of date: ${stale.join(', ')}. Run "npm run docs".`);
  process.exitCode = 1;
}

function update(file: string, tables: Readonly<Record<string, string>>): void {
  const before = readFileSync(join(root, file), 'utf8');
  write(
    file,
    Object.entries(tables).reduce((text, [mark, table]) => replace(text, mark, table), before),
  );
}

function write(file: string, text: string): void {
  const path = join(root, file);
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  stale.push(file);
  if (!check) writeFileSync(path, text);
}

/** The names, for `refuseUnknown`: at run time nothing tells an input that is declared from another. */
function inputList({ inputs = {} }: ActionFile): string {
  const names = Object.keys(inputs).map((name) => `  '${name}',\n`);
  return `/** Names of the inputs of action.yml, which "npm run docs" writes. */\nexport const DECLARED = [\n${names.join('')}];\n`;
}

function outputTable({ outputs = {} }: ActionFile): string {
  const rows = Object.entries(outputs).map(
    ([name, { description }]) => `| \`${name}\` | ${cell(description)} |`,
  );
  return ['| Output | Description |', '|---|---|', ...rows].join('\n');
}

function replace(text: string, mark: string, table: string): string {
  const pattern = new RegExp(`(<!-- ${mark} -->\n)[\\s\\S]*?(<!-- /${mark} -->)`);
  if (!pattern.test(text)) throw new Error(`A page lacks the marks <!-- ${mark} --> and <!-- /${mark} -->`);
  return text.replace(pattern, (_, open: string, close: string) => `${open}${table}\n${close}`);
}
