import { type Stopwatch, writeSummary } from '@gangway/action';
import { code } from '@gangway/markdown';
import type { CreateResult } from './create.ts';
import type { Inputs } from './inputs.ts';

interface Outcome extends Pick<CreateResult, 'name' | 'change'> {
  /** The secret version that holds the string, where one does. */
  readonly stored: { readonly version: string; readonly changed: boolean } | undefined;
}

/** Writes the step's summary: what changed, and what the key may do. */
export function writeKeySummary(
  { keyId, targets, allowedIps, allowedReferrers }: Inputs,
  { name, change, stored }: Outcome,
  parts: Stopwatch['parts'],
): Promise<void> {
  const unchanged = `Up to date; ${stored?.changed ? 'stored again' : 'nothing changed'}.`;
  const mayCall = targets.map(({ service, methods }) =>
    methods ? `${service} (${methods.join(', ')})` : service,
  );
  return writeSummary({
    title: `API key ${keyId}`,
    lead: change === 'none' ? unchanged : `The key was ${change}.`,
    facts: [
      ['May call', mayCall.join('\n')],
      ['From', [...allowedIps, ...allowedReferrers].join('\n') || 'anywhere'],
      ['Name', code(name)],
      ...(stored ? [['Stored as', code(stored.version)] as const] : []),
    ],
    parts,
  });
}
