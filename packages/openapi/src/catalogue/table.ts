import { catalogue } from './catalogue.ts';

/** The catalogue as a Markdown table, for the documentation. */
export function catalogueTable(): string {
  const rows = Object.entries(catalogue).map(
    ([code, { severity, meaning, cure }]) => `| \`${code}\` | ${severity} | ${meaning} | ${cure} |`,
  );
  return ['| Code | Severity | Meaning | Fix |', '|---|---|---|---|', ...rows]
    .join('\n')
    .replaceAll('*', '\\*');
}
