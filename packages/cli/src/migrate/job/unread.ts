import type { NewStep, Unit } from '../model/outcome.ts';
import { textOf } from '../model/unit.ts';
import type { Step } from '../model/workflow.ts';
import type { JobContext } from '../steps/context.ts';
import { isHarmless } from '../steps/harmless.ts';
import { nameSetBy, readsVariable, roleOf } from './role.ts';

/** What a part of a script writes for later steps: `echo "NAME=…" >> "$GITHUB_OUTPUT"`, and nothing else. */
const WRITES = /^echo\s+["']?([A-Za-z_][\w-]*)=[^`]*?["']?\s*>>\s*["']?\$\{?GITHUB_(ENV|OUTPUT)\}?["']?$/;

/**
 * Leaves out what a step that is taken apart writes for later ones, where those that read it are gone. The id of a step that is gone
 * as a whole goes to the one that stands in its place.
 */
export function leaveUnread(context: JobContext): void {
  for (const step of context.job.steps) {
    const own = context.units.filter((unit) => unit.step === step);
    if (own.every(({ outcome }) => outcome.kind === 'stays')) continue;
    for (const unit of own) {
      const [, name, kind] = WRITES.exec(unit.part?.text.trim() ?? '') ?? [];
      if (name === undefined || unit.outcome.kind !== 'stays' || unit.outcome.why !== undefined) continue;
      if (!isRead(kind === 'ENV' ? 'env' : `steps.${step.id}.outputs`, name, unit, context))
        unit.outcome = { kind: 'left', why: `nothing reads ${name} any more` };
    }
    inherit(step, own, context);
  }
  for (const step of context.added) forgetUnread(step, context);
}

/** Whether anything else reads a variable of the environment or an output. */
function isRead(where: string, name: string, unit: Unit, context: JobContext): boolean {
  const text = textWithout(unit, context);
  if (text.includes(`${where}.${name}`)) return true;
  if (where !== 'env') return false;
  // A program that the workflow runs may read it, too.
  const after = context.units.slice(context.units.indexOf(unit) + 1);
  return readsVariable(text, name) || after.some((one) => one.outcome.kind === 'stays' && !isHarmless(one));
}

/** An id that was made up for a step goes where nothing reads an output of the step. */
function forgetUnread(step: NewStep, { added, units, job }: JobContext): void {
  const { id } = step;
  if (id === undefined || job.steps.some((one) => one.id === id)) return;
  const kept = units.flatMap(({ outcome }) => (outcome.kind === 'stays' && outcome.env ? [outcome.env] : []));
  const values = [...added.flatMap(({ with: inputs, env }) => [inputs, env]), ...kept].flatMap(Object.values);
  if (!values.some((value) => String(value).includes(`steps.${id}.outputs.`))) delete step.id;
}

/** All that the workflow will say but for one part of a script. */
function textWithout(left: Unit, { workflow, units, added }: JobContext): string {
  const changed = new Set(units.filter(({ outcome }) => outcome.kind !== 'stays').map(({ step }) => step));
  let { text } = workflow;
  for (const { from, to } of [...changed].sort((a, b) => b.from - a.from))
    text = text.slice(0, from) + text.slice(to);
  const kept = units.filter(
    (unit) =>
      unit !== left &&
      changed.has(unit.step) &&
      unit.outcome.kind === 'stays' &&
      // What sets the variable that the part writes reads nothing of it.
      !(unit.step === left.step && roleOf(unit) === 'sets' && nameSetBy(unit) !== undefined),
  );
  const inputs = added.flatMap(({ with: given, env, condition = '' }) => [
    ...Object.values(given),
    ...Object.values(env),
    condition,
  ]);
  return [text, ...kept.map(textOf), ...inputs].join('\n');
}

function inherit(step: Step, own: readonly Unit[], { added, units, handedOn }: JobContext): void {
  const heirs = own.flatMap(({ outcome }) => (outcome.kind === 'becomes' ? outcome.steps : []));
  const works = own.some((unit) => unit.outcome.kind === 'stays' && roleOf(unit) === 'works');
  const heir = heirs.length === 1 ? heirs[0] : undefined;
  const fits = heir?.action !== 'build-and-push' || /build/i.test(step.name ?? '');
  if (heir && !works && step.name !== undefined && fits) heir.name = step.name;
  if (step.id === undefined || works || handedOn.has(step) || !heir || heir.id === step.id) return;
  const { id } = heir;
  heir.id = step.id;
  if (id === undefined) return;
  const kept = units.flatMap(({ outcome }) => (outcome.kind === 'stays' && outcome.env ? [outcome.env] : []));
  for (const values of [...added.map(({ with: inputs }) => inputs), ...kept])
    for (const [name, value] of Object.entries(values))
      values[name] = value.replaceAll(`steps.${id}.outputs.`, `steps.${step.id}.outputs.`);
}
