import type { Unit } from '../model/outcome.ts';
import { lineOf, textOf } from '../model/unit.ts';
import type { Step } from '../model/workflow.ts';
import { isOpaque, namesSetIn, substitutes } from '../shell/state.ts';
import { revert } from '../steps/build.ts';
import type { JobContext } from '../steps/context.ts';
import { handedOnBy } from './kept-script.ts';
import { isSeen, readsVariable, roleOf, segmentsOf } from './role.ts';

/**
 * A script that is taken apart becomes several shells. Hands on what one finds out and a later one reads; where the later one may need more
 * of the shell before it, the step stays as it was.
 */
export function cross(context: JobContext): void {
  for (const step of context.job.steps) {
    const own = context.units.filter((unit) => unit.step === step);
    if (step.run === undefined || own.every(({ outcome }) => outcome.kind === 'stays')) continue;
    const segments = segmentsOf(own);
    const why = whyNot(segments);
    if (why !== undefined) {
      undo(step, why, context);
      continue;
    }
    handOver(step, segments, context);
    if (segments.filter((segment) => hasOutputs(step, segment, context)).length > 1)
      undo(step, 'its outputs would come from two steps', context);
  }
}

function whyNot(segments: readonly (readonly Unit[])[]): string | undefined {
  for (const [at, segment] of segments.entries()) {
    const after = segments.slice(at + 1).flat();
    const opaque = segment.find((unit) => isOpaque(textOf(unit)));
    if (opaque && after.some((unit) => roleOf(unit) === 'works'))
      return `line ${lineOf(opaque)} prepares the shell for what comes later in the script`;
    const twice = foundOutIn(segment).find((name) =>
      after.some((unit) => namesSetIn(textOf(unit)).has(name)),
    );
    if (twice !== undefined) return `${twice} is set a second time later in the script`;
  }
  return undefined;
}

/** Whether a part of a script has to have the id that its outputs are read by. */
export function hasOutputs(step: Step, segment: readonly Unit[], context: JobContext): boolean {
  const writes = segment.some((unit) => /GITHUB_OUTPUT|::set-output/.test(textOf(unit)));
  return (step.id !== undefined && writes) || handedOnBy(step, segment, context).length > 0;
}

function handOver(step: Step, segments: readonly (readonly Unit[])[], context: JobContext): void {
  for (const [at, segment] of segments.entries())
    for (const name of foundOutIn(segment))
      for (const later of segments.slice(at + 1)) {
        const [first] = later;
        const text = [...segment, ...later].map(textOf).join('\n');
        const sees =
          later.some((unit) => roleOf(unit) === 'works') && first && isSeen(name, text, context, first);
        const reads = sees || readsVariable(later.map(textOf).join('\n'), name);
        if (first?.outcome.kind !== 'stays' || !reads) continue;
        const env = {
          ...first.outcome.env,
          [name]: `\${{ steps.${context.handOn(step, name)}.outputs.${name} }}`,
        };
        first.outcome = { ...first.outcome, env };
      }
}

/** Variables whose values only the shell knows: those that are literal are set again where they are needed. */
function foundOutIn(segment: readonly Unit[]): string[] {
  const found = segment.filter((unit) => roleOf(unit) !== 'sets' || substitutes(textOf(unit)));
  return found.flatMap((unit) => [...namesSetIn(textOf(unit))]);
}

/** Leaves a step as it was, and with it what others did for it. */
function undo(step: Step, why: string, context: JobContext): void {
  for (const build of [...context.builds]) {
    const unit = build.units.find((one) => one.step === step);
    if (unit) revert(build, unit, why, context);
  }
  const own = context.units.filter((unit) => unit.step === step);
  const gone = new Set(own.flatMap(({ outcome }) => (outcome.kind === 'becomes' ? outcome.steps : [])));
  context.added.splice(0, context.added.length, ...context.added.filter((one) => !gone.has(one)));
  for (const unit of context.units) {
    const { outcome } = unit;
    const isGone =
      (outcome.kind === 'joins' && gone.has(outcome.step)) ||
      (outcome.kind === 'becomes' && outcome.steps.some((one) => gone.has(one)));
    const isOwn = unit.step === step && outcome.kind !== 'stays';
    const reads =
      outcome.kind === 'stays' &&
      [...gone].some(({ id }) =>
        Object.values(outcome.env ?? {}).some((value) => value.includes(`steps.${id}.outputs.`)),
      );
    if (isGone || isOwn) unit.outcome = { kind: 'stays', why };
    else if (reads) unit.outcome = { kind: 'stays' };
  }
}
