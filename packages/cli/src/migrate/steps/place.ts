import type { NewStep, Outcome } from '../model/outcome.ts';
import type { JobContext } from './context.ts';

/** It stays as it is, for a reason. */
export function stays(why: string): Outcome {
  return { kind: 'stays', why };
}

/** Steps stand in its place. */
export function becomes(steps: readonly NewStep[], context: JobContext): Outcome {
  context.added.push(...steps);
  return { kind: 'becomes', steps };
}
