import type { Unit } from '../model/outcome.ts';
import type { Step } from '../model/workflow.ts';
import type { JobContext } from '../steps/context.ts';
import { hasOutputs } from './crossing.ts';
import { keptScript } from './kept-script.ts';
import { segmentsOf } from './role.ts';
import { plainStep, stepText } from './step-text.ts';

/** A piece of the text that another takes the place of. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** What changes in the text of a job. */
export function editsOf(context: JobContext): Edit[] {
  const { job, units } = context;
  return job.steps.flatMap((step) => {
    const own = units.filter((unit) => unit.step === step);
    const edits = own.some(
      ({ outcome }) => outcome.kind !== 'stays' || outcome.text !== undefined || outcome.env !== undefined,
    );
    return edits ? [editOf(step, own, context)] : [];
  });
}

function editOf(step: Step, units: readonly Unit[], context: JobContext): Edit {
  const { text } = context.workflow;
  const pieces = piecesOf(step, units, context);
  if (pieces.length === 0) return { ...withComments(step, text), text: '' };
  const pad = ' '.repeat(step.indent);
  // Steps stand apart by a blank line where the one before does.
  const isApart = /\n[ \t]*\n[ \t]*$/.test(text.slice(0, step.from));
  const whole = [...commentsIn(step, text), pieces.join(isApart ? '\n\n' : '\n')].join('\n');
  const [first = '', ...more] = whole.split('\n');
  const indented = more.map((line) => (line === '' ? '' : pad + line));
  return { from: step.from, to: step.to, text: [first, ...indented].join('\n') };
}

/** The steps that stand in the place of one: what stays of its script, and new ones, in their order. */
function piecesOf(step: Step, units: readonly Unit[], context: JobContext): string[] {
  const segments = segmentsOf(units);
  const scripts = segments.map((segment) => keptScript(step, units, segment, context));
  const writer = segments.findIndex((segment) => hasOutputs(step, segment, context));
  // The id goes where its outputs come from, else to the first.
  const named = writer < 0 ? scripts.findIndex((script) => script !== undefined) : writer;
  const kept = scripts.map((script, at) => {
    if (!script) return [];
    const id = script.isHandedOn ? context.handedOn.get(step)?.id : at === named ? step.id : undefined;
    return [plainStep(step, script.text, { ...(id !== undefined && { id }), env: script.env })];
  });
  const made = units.flatMap(({ outcome }) =>
    outcome.kind === 'becomes' ? [outcome.steps.map(stepText)] : [],
  );
  return kept.flatMap((pieces, at) => [...pieces, ...(made[at] ?? [])]);
}

/** Comments on lines of their own within a step that goes, without those of its script. */
function commentsIn(step: Step, text: string): string[] {
  const source = text.slice(step.from, step.to);
  const [before = ''] = source.split(/^\s*(?:-\s+)?run:/m);
  const lines = (step.run === undefined ? source : before).split('\n').slice(1);
  return lines.map((line) => line.trim()).filter((line) => line.startsWith('#'));
}

/** A step that goes, with the comment right above it and its line. */
function withComments(step: Step, text: string): { readonly from: number; readonly to: number } {
  let from = text.lastIndexOf('\n', step.from) + 1;
  for (;;) {
    const before = text.lastIndexOf('\n', from - 2) + 1;
    if (from === 0 || before === from || !/^\s+#/.test(text.slice(before, from))) break;
    from = before;
  }
  const end = text.indexOf('\n', step.to);
  let to = end < 0 ? text.length : end + 1;
  // Of two blank lines that meet, one goes.
  if (/(^|\n)[ \t]*\n$|steps:[^\n]*\n$/.test(text.slice(0, from)) && /^[ \t]*\n/.test(text.slice(to)))
    to = text.indexOf('\n', to) + 1;
  return { from, to };
}

/** A text with its edits. */
export function edited(text: string, edits: readonly Edit[]): string {
  return [...edits]
    .sort((a, b) => b.from - a.from)
    .reduce((before, { from, to, text: piece }) => before.slice(0, from) + piece + before.slice(to), text);
}
