import type { Unit } from '../model/outcome.ts';
import { textOf } from '../model/unit.ts';
import type { Step } from '../model/workflow.ts';
import type { JobContext } from '../steps/context.ts';

interface Kept {
  readonly text: string;
  readonly env: Readonly<Record<string, string>>;
  /** Whether it hands variables on as outputs. */
  readonly isHandedOn: boolean;
}

/** Parts that set something for those after them, and do nothing by themselves. */
const SETS = /^(?:(?:export|readonly)\s+)?[A-Za-z_]\w*\+?=|^(?:set|cd|export)\s/;
/** Parts that only tell a person something. */
const TELLS = /^(?:echo|printf)\b(?![\s\S]*>)/;

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
  const id = context.handedOn.get(step);
  const inputs = context.added
    .flatMap(({ with: given, env }) => [...Object.values(given), ...Object.values(env)])
    .join('\n');
  const own = kept.map(textOf);
  const handed = [
    ...new Set(
      [...inputs.matchAll(new RegExp(`steps\\.${id ?? '-'}\\.outputs\\.([A-Za-z_]\\w*)`, 'g'))].map(
        ([, name = '']) => name,
      ),
    ),
  ].filter((name) => own.some((text) => assigns(text, name)));
  const works = own.some((text) => !SETS.test(text) && !TELLS.test(text));
  if (!works && handed.length === 0) return undefined;
  const at = units.indexOf(kept[0] ?? (units[0] as Unit));
  const before = units
    .slice(0, at)
    .map(textOf)
    .filter((text) => SETS.test(text));
  const needed = neededOf(before, own);
  const lines = [...needed, ...own.filter((text, index) => !isIdle(text, own.slice(index + 1), handed))];
  const outputs = handed.map((name) => `echo "${name}=$${name}" >> "$GITHUB_OUTPUT"`);
  const env = Object.assign(
    {},
    ...kept.map(({ outcome }) => (outcome.kind === 'stays' ? outcome.env : undefined)),
  );
  return { text: [...lines, ...outputs].join('\n'), env, isHandedOn: handed.length > 0 };
}

/** Of what was set before, what a text or what it needs reads; `cd` and `set` always. */
function neededOf(before: readonly string[], own: readonly string[]): string[] {
  const needed: string[] = [];
  let read = own.join('\n');
  for (const text of [...before].reverse()) {
    const name = nameOf(text);
    if (name !== undefined && !new RegExp(`\\$\\{?[#!]?${name}\\b`).test(read)) continue;
    needed.unshift(text);
    read += `\n${text}`;
  }
  return needed;
}

/** Whether a part sets a variable that nothing after it reads. */
function isIdle(text: string, after: readonly string[], handed: readonly string[]): boolean {
  const name = nameOf(text);
  if (name === undefined || /\$\(|`/.test(text)) return false;
  return !handed.includes(name) && !new RegExp(`\\$\\{?[#!]?${name}\\b`).test(after.join('\n'));
}

function nameOf(text: string): string | undefined {
  return /^(?:(?:export|readonly)\s+)?([A-Za-z_]\w*)\+?=/.exec(text)?.[1];
}

function assigns(text: string, name: string): boolean {
  return nameOf(text) === name;
}
