import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { cell } from '../input-tables.ts';
import { REACH } from './reach.ts';

interface Workflow {
  on: {
    workflow_call: {
      inputs: Record<string, { description: string; required?: boolean; default?: unknown }>;
      secrets: Record<string, { description: string; required?: boolean }>;
      outputs: Record<string, { description: string }>;
    };
  };
}

/** The groups of a workflow's inputs, by the marks of its regions. */
const GROUPS: Readonly<Record<string, string>> = {
  where: 'What is deployed, and where',
  'sign-in': 'Sign-in to Google',
  sources: 'Sources, runner and prepare step',
  'enable-service': 'APIs',
  'build-and-push': 'Image',
  'deploy-cloud-run': 'Service',
  'deploy-api-config': 'Gateway',
  'create-api-key': 'API key',
  'deploy-compute': 'Machine',
  'deploy-gke': 'Cluster',
  'fly-deploy': 'App',
};

/** The tables of docs/workflows.md, by the marks they stand between: `NAME inputs`, `NAME secrets`, `NAME outputs`. */
export function workflowTables(root: string): Record<string, string> {
  return Object.fromEntries(
    Object.keys(REACH).flatMap((workflow) => {
      const text = readFileSync(join(root, '.github/workflows', workflow), 'utf8');
      const { inputs, secrets, outputs } = (parse(text) as Workflow).on.workflow_call;
      const name = workflow.replace('.yml', '');
      return [
        [`${name} inputs`, inputTables(text, inputs)],
        [`${name} secrets`, table(['Secret', 'Description'], rowsOf(secrets))],
        [`${name} outputs`, table(['Output', 'Description'], rowsOf(outputs))],
      ];
    }),
  );
}

/** A table a group, in the order of the file; what stands before the first region is in the first group. */
function inputTables(text: string, inputs: Workflow['on']['workflow_call']['inputs']): string {
  const groups = new Map<string, string[]>();
  let group = GROUPS.where ?? '';
  for (const line of text.slice(0, text.indexOf('\n    secrets:\n')).split('\n')) {
    const [, mark = ''] = /^ *# <(?:shared|inputs) ([^>]+)>$/.exec(line) ?? [];
    if (mark) group = GROUPS[mark] ?? group;
    const [, name = ''] = /^ {6}(\w+):$/.exec(line) ?? [];
    const input = inputs[name];
    if (!input) continue;
    const cells = [`\`${name}\``, cell(input.description), defaultOf(input)];
    groups.set(group, [...(groups.get(group) ?? []), `| ${cells.join(' | ')} |`]);
  }
  return [...groups]
    .map(([title, rows]) => `**${title}**\n\n${table(['Input', 'Description', 'Default'], rows)}`)
    .join('\n\n');
}

function defaultOf({ required, default: value }: Workflow['on']['workflow_call']['inputs'][string]): string {
  if (required) return '**required**';
  return value === '' ? '' : `\`${String(value).replaceAll('\n', ' ')}\``;
}

function rowsOf(described: Readonly<Record<string, { description: string; required?: boolean }>>): string[] {
  return Object.entries(described).map(([name, { description }]) => `| \`${name}\` | ${cell(description)} |`);
}

function table(head: readonly string[], rows: readonly string[]): string {
  return [`| ${head.join(' | ')} |`, `|${'---|'.repeat(head.length)}`, ...rows].join('\n');
}
