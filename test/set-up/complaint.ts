import type { StepResult } from '@gangway/runner';
import { expect } from 'vitest';

/** The error that ended a step. */
export function complaint({ annotations, log }: StepResult): string {
  const last = annotations.filter(({ level }) => level === 'error').at(-1);
  expect(last, log).toBeDefined();
  return last?.message ?? '';
}
