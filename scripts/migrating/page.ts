import type { Mapping, Table } from '../../packages/cli/src/migrate/tables/mapping.ts';
import { PAGES } from '../../packages/cli/src/migrate/tables/pages.ts';

/** The tables of docs/migrating, by the page's name and the mark: from what `gangway migrate` follows. */
export function migratingTables(): Readonly<Record<string, Readonly<Record<string, string>>>> {
  return Object.fromEntries(
    Object.entries(PAGES).map(([page, tables]) => [
      page,
      Object.fromEntries(Object.entries(tables).map(([mark, table]) => [mark, tableOf(table)])),
    ]),
  );
}

function tableOf({ action, mappings }: Table): string {
  const rows = grouped(mappings).map(([names, here, differs]) => `| ${names} | ${here} | ${differs} |`);
  return [
    `| There | Here${action === undefined ? '' : `, in ${action}`} | What differs |`,
    '|---|---|---|',
    ...rows,
  ].join('\n');
}

/** Rows that say the same are one, in the place of the first. */
function grouped(mappings: readonly Mapping[]): [string, string, string][] {
  const rows = new Map<string, [string, string, string]>();
  for (const mapping of mappings) {
    const names = [mapping.from, ...(mapping.also ?? [])].map((name) => `\`${name}\``).join(', ');
    const here = hereOf(mapping);
    const differs = mapping.differs ?? '';
    const key = mapping.to === undefined ? `${here}\0${differs}` : `${names}`;
    const row = rows.get(key);
    rows.set(key, row ? [`${row[0]}, ${names}`, here, differs] : [names, here, differs]);
  }
  return [...rows.values()];
}

function hereOf({ to, parts, left, stays, unless, as, with: fixed, alone }: Mapping): string {
  const harmless =
    unless === undefined
      ? ''
      : ` unless it is ${unless.map((value) => (value === '' ? 'empty' : `\`${value}\``)).join(' or ')}`;
  if (left !== undefined)
    return `left out: ${left}${stays === undefined ? '' : `. The step stays${harmless} where it ${stays}`}`;
  if (stays !== undefined) return `the step stays${harmless}: it ${stays}`;
  if (parts !== undefined) return parts;
  const set = Object.entries(fixed ?? {}).map(
    ([name, value]) => `\`${name}: ${value === '{}' ? '"{}"' : value}\``,
  );
  if (alone && fixed) return set.join(', ');
  const shape =
    as === 'lines' || as === 'pairs' || as === 'list'
      ? ', one per line'
      : as === 'true' || as === 'false'
        ? ''
        : as === 'seconds'
          ? ', with its unit'
          : '';
  const named = as === 'true' || as === 'false' ? `\`${to}: ${as}\`` : `\`${to}\`${shape}`;
  return [named, ...set.map((one) => `with ${one}`)].join(', ');
}
