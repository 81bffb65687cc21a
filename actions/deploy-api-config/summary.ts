import { writeSummary } from '@gangway/action';
import type { Operation } from '@gangway/openapi';
import type { Result } from './result.ts';
import type { Work } from './work.ts';

const PROTECTION: Readonly<Record<Operation['security'], string>> = {
  open: '**open**',
  'api-key': 'API key',
  jwt: 'JWT',
  'api-key+jwt': 'API key and JWT',
  malformed: '**malformed**',
};
const MOST = 50;

/** Writes the step's summary: where the gateways are, what they serve, and what each operation asks of its callers. */
export async function writeResult(
  { inputs, plan, watch }: Work,
  { urls, managedService, lead, details }: Result,
  operations: readonly Operation[],
): Promise<void> {
  await writeSummary({
    title: `API gateway ${inputs.gateway}`,
    lead,
    facts: [
      ['URL', urls.join('\n') || 'none yet'],
      ['Config', `\`${plan.configId}\``],
      ['Managed service', managedService ? `\`${managedService}\`` : 'none yet'],
      ['Backend', inputs.emit.backend?.address ?? 'as the document says'],
      ['Calls it as', inputs.gatewayServiceAccount ?? "the project's default service account"],
    ],
    details: details ?? operationTable(operations),
    parts: watch.parts,
  });
}

/** The operations a gateway offers and what each asks of its callers, as a Markdown table. */
export function operationTable(operations: readonly Operation[]): string {
  const rows = operations
    .slice(0, MOST)
    .map(({ method, path, security }) => `| \`${method.toUpperCase()} ${path}\` | ${PROTECTION[security]} |`);
  const more = operations.length > MOST ? [`| … and ${operations.length - MOST} more | |`] : [];
  return ['| Operation | Protected by |', '|---|---|', ...rows, ...more].join('\n');
}
