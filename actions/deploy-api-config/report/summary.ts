import { writeSummary } from '@gangway/action';
import { blocks, code, joined, type Markdown, md, table, url } from '@gangway/markdown';
import type { Operation } from '@gangway/openapi';
import type { Result } from '../deploy/result.ts';
import { howToCall } from '../document/how-to-call.ts';
import type { Work } from '../plan/work.ts';

const PROTECTION: Readonly<Record<Operation['security'], Markdown>> = {
  open: md`**open**`,
  'api-key': md`API key`,
  jwt: md`JWT`,
  'api-key+jwt': md`API key and JWT`,
  malformed: md`**malformed**`,
};
const MOST = 50;

/** Writes the step's summary: where the gateways are, what they serve, and what each operation asks of its callers. */
export async function writeResult(
  { inputs, plan, watch }: Work,
  { urls, configs, managedService, lead, linkedLead, details }: Result,
  operations: readonly Operation[],
): Promise<void> {
  const { gatewayServiceAccount: account, emit } = inputs;
  const backend = emit.backend?.address;
  await writeSummary({
    title: `API gateway ${inputs.gateway}`,
    lead: linkedLead ?? lead,
    facts: [
      ['URL', urls.length > 0 ? joined(urls.map(url), '\n') : 'none yet'],
      ['Config', configs ? joined(configs.map(code), '\n') : code(plan.configId || 'none')],
      ['Managed service', managedService ? code(managedService) : 'none yet'],
      ['Backend', backend ? url(backend) : 'as the document says'],
      ['Calls it as', account ? code(account) : "the project's default service account"],
    ],
    details:
      details ??
      blocks(howToCall(urls[0], operations), operations.length > 0 ? operationTable(operations) : ''),
    parts: watch.parts,
  });
}

/** The operations a gateway offers and what each asks of its callers. */
export function operationTable(operations: readonly Operation[]): Markdown {
  const rows = operations
    .slice(0, MOST)
    .map(({ method, path, security }) => [code(`${method.toUpperCase()} ${path}`), PROTECTION[security]]);
  const more = operations.length > MOST ? [[`… and ${operations.length - MOST} more`, '']] : [];
  return table(['Operation', 'Protected by'], [...rows, ...more]);
}
