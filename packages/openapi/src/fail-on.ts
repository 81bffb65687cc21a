import type { Diagnostic } from './diagnostic.ts';

/** From which severity on documents fail. */
export type FailOn = 'error' | 'warning' | 'never';

/** Whether documents fail by what was said of them. One that can't be read always does. */
export function fails(
  results: readonly { readonly document: unknown; readonly diagnostics: readonly Diagnostic[] }[],
  failOn: FailOn,
): boolean {
  if (results.some(({ document }) => document === undefined)) return true;
  const counts = failOn === 'never' ? [] : failOn === 'error' ? ['error'] : ['error', 'warning'];
  return results.some(({ diagnostics }) => diagnostics.some(({ severity }) => counts.includes(severity)));
}
