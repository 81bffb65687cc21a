import type { Unit } from '../model/outcome.ts';
import { textOf } from '../model/unit.ts';
import type { JobContext } from '../steps/context.ts';
import { handedOnBy } from './kept-script.ts';
import { roleOf, segmentsOf } from './role.ts';

/**
 * Leaves out what only told a person of the commands that went: a step that is taken apart has no step of its own for `echo`. What only
 * sets variables goes where nothing reads them.
 */
export function leaveIdle(context: JobContext): void {
  for (const step of context.job.steps) {
    const own = context.units.filter((unit) => unit.step === step);
    const isChanged = own.some(({ outcome }) => outcome.kind !== 'stays' || outcome.env !== undefined);
    if (!isChanged || step.run === undefined) continue;
    for (const kept of segmentsOf(own)) {
      if (kept.some((unit) => roleOf(unit) === 'works') || handedOnBy(step, kept, context).length > 0)
        continue;
      for (const unit of kept) {
        if (roleOf(unit) === 'tells')
          unit.outcome = { kind: 'left', why: 'a message about what went with it' };
        else if (isUrl(unit))
          unit.outcome = { kind: 'left', why: 'the step that deploys says the URL, and has it as an output' };
      }
    }
  }
}

function isUrl(unit: Unit): boolean {
  return unit.outcome.kind === 'stays' && unit.outcome.env !== undefined && /SERVICE_URL/.test(textOf(unit));
}
