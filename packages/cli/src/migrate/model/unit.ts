import type { Unit } from './outcome.ts';

/** What a unit will say: its script, or the inputs of its action. */
export function textOf({ step, part, outcome }: Unit): string {
  if (outcome.kind === 'stays' && outcome.text !== undefined) return outcome.text;
  return part?.text ?? step.run ?? Object.values(step.with).join('\n');
}

/** The line that a unit begins on, from 1. */
export function lineOf({ step, part }: Unit): number {
  return part ? step.runLine + (step.run ?? '').slice(0, part.at).split('\n').length - 1 : step.line;
}
