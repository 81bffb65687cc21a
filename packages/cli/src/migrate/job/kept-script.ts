import type { Unit } from '../model/outcome.ts';
import { textOf } from '../model/unit.ts';
import type { Step } from '../model/workflow.ts';
import { isOpaque, namesSetIn, substitutes } from '../shell/state.ts';
import type { JobContext } from '../steps/context.ts';
import { isSeen, nameSetBy, readsVariable, roleOf } from './role.ts';

interface Kept {
  readonly text: string;
  readonly env: Readonly<Record<string, string>>;
  /** Whether it hands variables on as outputs. */
  readonly isHandedOn: boolean;
}

/**
 * What stays of a script between parts that go: with what earlier parts set for it.
 *
 * @param units all of the step
 * @param kept those that stay, one after the other
 * @returns undefined where nothing is left to do
 */
export function keptScript(
  step: Step,
  units: readonly Unit[],
  kept: readonly Unit[],
  context: JobContext,
): Kept | undefined {
  const handed = handedOnBy(step, kept, context);
  if (!kept.some((unit) => roleOf(unit) === 'works') && handed.length === 0) return undefined;
  const at = units.indexOf(kept[0] ?? (units[0] as Unit));
  const before = units
    .slice(0, at)
    .filter((unit) => unit.outcome.kind === 'stays' && roleOf(unit) === 'sets' && !substitutes(textOf(unit)));
  const needed = neededOf(before, kept, context);
  const own = kept.filter((unit, index) => !isIdle(unit, kept.slice(index + 1), handed, context));
  const outputs = handed.map((name) => `echo "${name}=$${name}" >> "$GITHUB_OUTPUT"`);
  const env = Object.assign(
    {},
    ...kept.map(({ outcome }) => (outcome.kind === 'stays' ? outcome.env : undefined)),
  );
  const lines = [...needed, ...own].map(textOf);
  return { text: [...lines, ...outputs].join('\n'), env, isHandedOn: handed.length > 0 };
}

/** The variables of a part of a script that steps of ours read as outputs of it. */
export function handedOnBy(step: Step, kept: readonly Unit[], context: JobContext): string[] {
  const handed = context.handedOn.get(step);
  if (!handed) return [];
  const { added, units } = context;
  const own = units.flatMap(({ outcome }) =>
    outcome.kind === 'stays' && outcome.env ? Object.values(outcome.env) : [],
  );
  const inputs = added
    .flatMap(({ with: given, env }) => [...Object.values(given), ...Object.values(env)])
    .concat(own)
    .join('\n');
  const isRead = (name: string): boolean =>
    new RegExp(`steps\\.${handed.id}\\.outputs\\.${name}\\b`).test(inputs);
  return [...handed.names].filter(isRead).filter((name) => kept.some((unit) => sets(unit, name)));
}

function sets(unit: Unit, name: string): boolean {
  return namesSetIn(textOf(unit)).has(name) || isOpaque(textOf(unit));
}

/** Of what was set before, what a part or what it needs reads; what programs see, `cd` and `set` always. */
function neededOf(before: readonly Unit[], own: readonly Unit[], context: JobContext): Unit[] {
  const needed: Unit[] = [];
  let read = own.map(textOf).join('\n');
  for (const unit of [...before].reverse()) {
    const name = nameSetBy(unit);
    const isNeeded =
      name === undefined || readsVariable(read, name) || isSeen(name, textOf(unit), context, unit);
    if (!isNeeded) continue;
    needed.unshift(unit);
    read += `\n${textOf(unit)}`;
  }
  return needed;
}

/** Whether a part sets a variable that nothing after it reads. */
function isIdle(unit: Unit, after: readonly Unit[], handed: readonly string[], context: JobContext): boolean {
  const name = nameSetBy(unit);
  if (name === undefined || roleOf(unit) !== 'sets') return false;
  if (handed.includes(name) || readsVariable(after.map(textOf).join('\n'), name)) return false;
  return !(after.length > 0 && isSeen(name, [unit, ...after].map(textOf).join('\n'), context, unit));
}
