import type { Diagnostic } from '@gangway/openapi';
import { Option } from 'commander';

/** From which severity on a document fails. */
export type FailOn = 'error' | 'warning' | 'never';

export function failOnOption(...more: readonly string[]): Option {
  return new Option('--fail-on <severity>', 'what ends with status 1')
    .choices(['error', 'warning', ...more, 'never'])
    .default('error');
}

/** Whether what was said of documents ends with status 1. One that can't be read always does. */
export function fails(
  results: readonly { readonly document: unknown; readonly diagnostics: readonly Diagnostic[] }[],
  failOn: FailOn,
): boolean {
  if (results.some(({ document }) => document === undefined)) return true;
  const counts = failOn === 'never' ? [] : failOn === 'error' ? ['error'] : ['error', 'warning'];
  return results.some(({ diagnostics }) => diagnostics.some(({ severity }) => counts.includes(severity)));
}
