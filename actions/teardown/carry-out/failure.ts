import { ActionError } from '@gangway/action';
import type { Plan } from '../plan/part.ts';
import type { Result } from './carry-out.ts';

/** The error for a plan that was carried out in part: what is gone, what is not and why. */
export function failureOf({ steps }: Plan, results: readonly Result[]): ActionError | undefined {
  const failed = results.filter(({ state }) => state === 'failed');
  const [first] = failed;
  if (!first) return undefined;
  const count = results.filter(({ state }) => state === 'deleted').length;
  const held = results.filter(({ state }) => state === 'skipped').map(({ step }) => step.title);
  const why = failed.map(({ step, error }) => `${step.title}: ${error?.message}`).join('\n');
  return new ActionError(
    [
      `${count} of ${steps.length} deleted. Not deleted:`,
      why,
      ...(held.length > 0 ? [`Not started, because these must be deleted first: ${held.join(', ')}.`] : []),
    ].join('\n'),
    {
      code: first.error?.code ?? 'teardown',
      hint: `${first.error?.hint ? `${first.error.hint}; then ` : ''}run the job again: it deletes the rest`,
      cause: first.error,
    },
  );
}
