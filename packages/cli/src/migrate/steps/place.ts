import type { NewStep, Unit } from '../model/outcome.ts';
import type { JobContext } from './context.ts';

/** Leaves a unit as it is, with the reason. */
export function stays(unit: Unit, why: string): void {
  unit.outcome = { kind: 'stays', why };
}

/** Puts steps in the place of a unit. */
export function becomes(unit: Unit, steps: readonly NewStep[], context: JobContext): void {
  unit.outcome = { kind: 'becomes', steps };
  context.added.push(...steps);
}
