import { setOutputs, writeSummary } from '@gangway/action';
import type { Emitted } from '@gangway/openapi';
import { operationTable } from './summary.ts';

/** Hands on a document that was only checked. @param spec path of the emitted document */
export async function reportOffline({ operations }: Emitted, spec: string): Promise<void> {
  setOutputs({ spec });
  await writeSummary({
    title: 'OpenAPI document',
    lead: 'API Gateway can serve it. Google was not called.',
    facts: [],
    details: operationTable(operations),
    parts: [],
  });
}
