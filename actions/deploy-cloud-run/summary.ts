import { type Stopwatch, writeSummary } from '@gangway/action';
import type { DeployResult } from './deploy.ts';
import type { Inputs } from './inputs.ts';

interface Outcome extends Pick<DeployResult, 'change'> {
  readonly url: string;
  readonly revision: string;
  readonly image: string;
  readonly invokersChanged: boolean;
}

/** Writes the step's summary: what changed, and what runs where. */
export function writeServiceSummary(
  { service, region, invokers }: Inputs,
  { url, revision, image, change, invokersChanged }: Outcome,
  parts: Stopwatch['parts'],
): Promise<void> {
  return writeSummary({
    title: `Cloud Run service ${service}`,
    lead: lead(change, invokersChanged),
    facts: [
      ['URL', url],
      ['Revision', `\`${revision}\``],
      ['Image', `\`${image}\``],
      ['Region', region],
      ['Invokers', invokers?.map((member) => `\`${member}\``).join('\n') ?? 'left alone'],
    ],
    parts,
  });
}

function lead(change: DeployResult['change'], invokersChanged: boolean): string {
  if (change !== 'none') return `The service was ${change}; the new revision serves.`;
  return invokersChanged
    ? 'The revision is as wanted; the invokers were changed.'
    : 'As wanted already; nothing changed.';
}
