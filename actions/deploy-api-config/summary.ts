import type { Operation } from '@gangway/openapi';

const PROTECTION: Readonly<Record<Operation['security'], string>> = {
  open: '**open**',
  'api-key': 'API key',
  jwt: 'JWT',
  'api-key+jwt': 'API key and JWT',
};
const MOST = 50;

/** The operations a gateway offers and what each asks of its callers, as a Markdown table. */
export function operationTable(operations: readonly Operation[]): string {
  const rows = operations
    .slice(0, MOST)
    .map(({ method, path, security }) => `| \`${method.toUpperCase()} ${path}\` | ${PROTECTION[security]} |`);
  const more = operations.length > MOST ? [`| … and ${operations.length - MOST} more | |`] : [];
  return ['| Operation | Protected by |', '|---|---|', ...rows, ...more].join('\n');
}
