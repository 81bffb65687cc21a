import { isMap, isScalar, parseDocument } from 'yaml';

interface Input {
  readonly description: string;
  readonly required?: boolean;
  readonly default?: string;
}

/**
 * The tables of an action's inputs, one for each comment `# Group: TITLE` in its action.yml, in the order of the file.
 *
 * @param text of an action.yml
 */
export function inputTables(text: string): string {
  const groups = new Map<string, string[]>();
  let group = '';
  const inputs = parseDocument(text).get('inputs');
  for (const { key, value } of isMap(inputs) ? inputs.items : []) {
    if (!isScalar(key) || !isMap(value)) continue;
    // The comment before the first input belongs to the map.
    const comment =
      key.commentBefore ?? (groups.size === 0 && isMap(inputs) ? inputs.commentBefore : '') ?? '';
    group = /^\s*Group: (.+)$/m.exec(comment)?.[1] ?? group;
    groups.set(group, [...(groups.get(group) ?? []), row(String(key.value), value.toJSON() as Input)]);
  }
  return [...groups]
    .map(([title, rows]) => [...(title ? [`### ${title}`, ''] : []), ...HEAD, ...rows].join('\n'))
    .join('\n\n');
}

/** A text as it may stand in a cell of a table. */
export function cell(text: string): string {
  return text
    .trim()
    .replaceAll('|', '\\|')
    .replace(/\s*\n\s*/g, ' ');
}

const HEAD = ['| Input | Description | Default |', '|---|---|---|'];

function row(name: string, { description, required, default: value }: Input): string {
  const fallback = required ? '**required**' : value ? `\`${value}\`` : '';
  return `| \`${name}\` | ${cell(description)} | ${fallback} |`;
}
