import { ActionError } from '@gangway/action';
import type { Gateway } from '@gangway/google-cloud/api-gateway';
import {
  type Change,
  diffOperations,
  type Operation,
  type OperationsDiff,
  operationsOf,
} from '@gangway/openapi';
import { idOf, sameResource } from '../plan/plan.ts';
import type { Work } from '../plan/work.ts';

/** How the routes of a gateway change. */
export interface RouteDiff {
  /** Id of the config that is served now. */
  readonly from: string;
  /** Lines for a person, those that break callers first and marked. */
  readonly lines: readonly string[];
  readonly breaking: boolean;
}

/**
 * Compares the document with what gateways serve, read from their stored configs, each config once. Nothing comes of a
 * gateway that serves nothing yet, or a config without OpenAPI documents.
 */
export async function routeDiffs(
  { gateways, plan }: Work,
  serving: readonly (Gateway | undefined)[],
  operations: readonly Operation[],
): Promise<RouteDiff[]> {
  const names = new Map(
    serving.flatMap((gateway) => (gateway?.apiConfig ? [[idOf(gateway.apiConfig), gateway.apiConfig]] : [])),
  );
  const diffs: RouteDiff[] = [];
  for (const [from, name] of names) {
    if (sameResource(name, plan.configName)) {
      diffs.push({ from, lines: [], breaking: false });
      continue;
    }
    const stored = await gateways.getConfig(name, 'FULL');
    if (!stored || stored.documents.length === 0) continue;
    const before = stored.documents.flatMap(({ contents }) => operationsOf(contents));
    diffs.push({ from, ...describe(diffOperations(before, operations)) });
  }
  return diffs;
}

/** @throws ActionError `breaking` when a change that breaks callers is to be refused */
export function refuseBreaking(diffs: readonly RouteDiff[], failOn: 'never' | 'breaking'): void {
  const [worst] = failOn === 'breaking' ? diffs.filter(({ breaking }) => breaking) : [];
  if (!worst) return;
  const lines = worst.lines.filter((line) => line.includes(BREAKS));
  throw new ActionError(
    `The document breaks callers of ${worst.from}: ${lines.map((line) => line.replace(BREAKS, '').trim()).join('; ')}.`,
    { code: 'breaking', hint: 'keep what callers use, or set fail_on to never for this deploy' },
  );
}

const BREAKS = '(breaking)';

/** What changed, that which breaks callers first; the first ten of much. */
function listed(details: readonly Change[]): string {
  const texts = [...details].sort((a, b) => Number(b.breaking) - Number(a.breaking)).map(({ text }) => text);
  const rest = texts.length - 10;
  return rest > 0 ? `${texts.slice(0, 10).join(', ')} and ${rest} more` : texts.join(', ');
}

function describe({ added, removed, changed }: OperationsDiff): Pick<RouteDiff, 'lines' | 'breaking'> {
  const name = ({ method, path }: Operation) => `${method.toUpperCase()} ${path}`;
  const lines = [
    ...removed.map((operation) => `- ${name(operation)} ${BREAKS}`),
    ...changed.map(
      ({ after, details, breaking }) => `~ ${name(after)}: ${listed(details)}${breaking ? ` ${BREAKS}` : ''}`,
    ),
    ...added.map((operation) => `+ ${name(operation)}`),
  ];
  lines.sort((a, b) => Number(b.includes(BREAKS)) - Number(a.includes(BREAKS)));
  return { lines, breaking: lines.some((line) => line.includes(BREAKS)) };
}
