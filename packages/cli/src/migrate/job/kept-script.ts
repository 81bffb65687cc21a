import type { Unit } from '../model/outcome.ts';
import { textOf } from '../model/unit.ts';
import type { Step } from '../model/workflow.ts';
import type { JobContext } from '../steps/context.ts';
import { nameSetBy, readsVariable, roleOf } from './role.ts';

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
    .filter((unit) => unit.outcome.kind === 'stays' && roleOf(unit) === 'sets');
  const needed = neededOf(before, kept);
  const own = kept.filter((unit, index) => !isIdle(unit, kept.slice(index + 1), handed));
  const outputs = handed.map((name) => `echo "${name}=$${name}" >> "$GITHUB_OUTPUT"`);
  const env = Object.assign(
    {},
    ...kept.map(({ outcome }) => (outcome.kind === 'stays' ? outcome.env : undefined)),
  );
  const lines = [...needed, ...own].map(textOf);
  return { text: [...lines, ...outputs].join('\n'), env, isHandedOn: handed.length > 0 };
}

/** The variables of a part of a script that steps of ours read as outputs of it. */
export function handedOnBy(step: Step, kept: readonly Unit[], { handedOn, added }: JobContext): string[] {
  const id = handedOn.get(step);
  if (id === undefined) return [];
  const inputs = added
    .flatMap(({ with: given, env }) => [...Object.values(given), ...Object.values(env)])
    .join('\n');
  const read = inputs.matchAll(new RegExp(`steps\\.${id}\\.outputs\\.([A-Za-z_]\\w*)`, 'g'));
  const names = new Set([...read].map(([, name = '']) => name));
  return [...names].filter((name) => kept.some((unit) => nameSetBy(unit) === name));
}

/** Of what was set before, what a part or what it needs reads; `cd` and `set` always. */
function neededOf(before: readonly Unit[], own: readonly Unit[]): Unit[] {
  const needed: Unit[] = [];
  let read = own.map(textOf).join('\n');
  for (const unit of [...before].reverse()) {
    const name = nameSetBy(unit);
    if (name !== undefined && !readsVariable(read, name)) continue;
    needed.unshift(unit);
    read += `\n${textOf(unit)}`;
  }
  return needed;
}

/** Whether a part sets a variable that nothing after it reads. */
function isIdle(unit: Unit, after: readonly Unit[], handed: readonly string[]): boolean {
  const name = nameSetBy(unit);
  if (name === undefined || roleOf(unit) !== 'sets') return false;
  return !handed.includes(name) && !readsVariable(after.map(textOf).join('\n'), name);
}
