import { type NewStep, STAYS, type Unit } from '../model/outcome.ts';
import { lineOf, textOf } from '../model/unit.ts';
import { revert } from '../steps/build.ts';
import type { JobContext } from '../steps/context.ts';
import { isHarmless, mayCall, runs } from '../steps/harmless.ts';
import type { Credentials } from '../steps/waiting.ts';
import { cross } from './crossing.ts';
import { leaveIdle } from './idle.ts';
import { leaveUnread } from './unread.ts';

/** Programs that look at images on the runner. */
const LOOKS = /^(docker|trivy|grype|syft|snyk|dive|container-structure-test|crane)$/;

/** Decides what only shows once all steps of a job are read: what those that stay need of those that would go. */
export function settle(context: JobContext): void {
  for (const build of [...context.builds]) {
    const user =
      build.step && context.units.find((unit) => looksAt(unit, build.step?.with.image ?? '', context));
    if (user) revert(build, user, `line ${lineOf(user)} looks at the image on the runner`, context);
  }
  const user = context.units.find((unit) => unit.outcome.kind === 'stays' && runs(unit, /^(flyctl|fly)$/));
  for (const unit of context.units)
    if (user && unit.outcome.kind === 'becomes' && unit.outcome.steps.some(({ renames }) => renames)) {
      context.added.splice(0, context.added.length, ...context.added.filter((step) => !step.renames));
      unit.outcome = {
        kind: 'stays',
        why: `line ${lineOf(user)} runs flyctl on an app whose name would change`,
      };
    }
  cross(context);
  const noneReplaced = !context.added.some(({ signsIn }) => signsIn);
  restoreNeeded(context, noneReplaced);
  signInAlone(context, noneReplaced);
  leaveUnread(context);
  leaveIdle(context);
}

/** Puts back what was left out for a purpose that something that stays has, or may have. */
function restoreNeeded(context: JobContext, noneReplaced: boolean): void {
  const { added, units } = context;
  const builds = added.some(({ action }) => action === 'build-and-push');
  const staying = stayingAfter(context);
  const calls = staying.some(mayCall);
  restore(context, 'repository', () => !builds);
  restore(
    context,
    'docker',
    () =>
      !builds ||
      calls ||
      staying.some((unit) => runs(unit, /^docker$/) && /\b(push|pull|run|compose)\b/.test(textOf(unit))) ||
      staying.some(({ step }) => /^docker\/(build-push|bake)-action@/.test(step.uses ?? '')),
  );
  const deploysToFly = added.some(({ action }) => action === 'fly-deploy');
  restore(
    context,
    'fly',
    () => !deploysToFly || calls || staying.some((unit) => runs(unit, /^(flyctl|fly)$/)),
  );
  const usesGcloud = calls || staying.some((unit) => runs(unit, /^(gcloud|gsutil|bq|kubectl)$/));
  restore(context, 'gcloud', () => noneReplaced || usesGcloud);
  for (const unit of units)
    if (
      /\/setup-gcloud@/.test(unit.step.uses ?? '') &&
      unit.outcome.kind === 'left' &&
      (noneReplaced || usesGcloud)
    )
      unit.outcome = STAYS;
}

function stayingAfter({ units }: JobContext): Unit[] {
  return units.filter(
    ({ outcome, step }) =>
      outcome.kind === 'stays' && !/\/(setup-gcloud|auth|setup-flyctl|login-action)@/.test(step.uses ?? ''),
  );
}

/** Puts back what was left out for one purpose, where something that stays has it. */
function restore(context: JobContext, purpose: string, isNeeded: () => boolean): void {
  if (!isNeeded()) return;
  for (const unit of context.units)
    if (unit.outcome.kind === 'left' && unit.outcome.for === purpose) unit.outcome = STAYS;
  if (purpose === 'docker')
    for (const unit of context.units)
      if (unit.outcome.kind === 'left' && /^docker\/login-action@/.test(unit.step.uses ?? ''))
        unit.outcome = STAYS;
}

/** Gives each step what it signs in with, where the step that did so for all goes. */
function signInAlone(context: JobContext, noneReplaced: boolean): void {
  const { signIns, units, added } = context;
  const conditions = new Set(signIns.map(({ unit }) => unit.step.condition));
  for (const one of signIns) {
    const why =
      noneReplaced || units.every(({ outcome }) => outcome.kind === 'stays')
        ? ''
        : neededBy(
            one,
            context,
            conditions.size > 1 ||
              (conditions.size === 1 && signIns.length > 1 && !conditions.has(undefined)),
          );
    if (why !== undefined) one.unit.outcome = why === '' ? STAYS : { kind: 'stays' };
  }
  for (const step of added) {
    if (!step.signsIn) continue;
    const own = signInBefore(step, context);
    if (!own) {
      if (signIns.length === 0)
        step.notes.push(
          'Nothing in this job signs in to Google, so the step looks for Application Default Credentials.',
        );
      continue;
    }
    if (own.unit.outcome.kind === 'stays' && own.isFound) continue;
    for (const [name, value] of Object.entries(own.inputs)) step.with[name] ??= value;
  }
}

/** Why a sign-in has to stay; undefined where nothing needs it. */
function neededBy(
  { unit, stays, id }: Credentials,
  context: JobContext,
  isOneOfSeveral: boolean,
): string | undefined {
  if (stays !== undefined) return stays;
  if (isOneOfSeveral) return 'the job signs in on conditions';
  if (id !== undefined && context.added.some((step) => reads(step, id))) return 'a step reads its output';
  const after = context.units
    .slice(context.units.indexOf(unit) + 1)
    .filter(({ outcome }) => outcome.kind === 'stays');
  const user = after.find((one) => !isHarmless(one));
  if (user) return `line ${lineOf(user)} may need it`;
  const outside = id !== undefined && context.outputsRead(unit.step).size > 0 && readsStay(unit, context);
  return outside ? 'its outputs are read' : undefined;
}

/** Whether a step that stays, or the job itself, reads an output of a step. */
function readsStay({ step }: Unit, { units, workflow, job }: JobContext): boolean {
  const pattern = new RegExp(`\\bsteps\\.${step.id}\\.outputs\\.`);
  const gone = new Set(units.filter(({ outcome }) => outcome.kind !== 'stays').map((unit) => unit.step));
  let text = workflow.text.slice(job.from, job.to);
  for (const one of [...gone].sort((a, b) => b.from - a.from))
    text = text.slice(0, one.from - job.from) + text.slice(one.to - job.from);
  return pattern.test(text);
}

function reads({ with: inputs, env }: NewStep, id: string): boolean {
  return [...Object.values(inputs), ...Object.values(env)].some((value) =>
    new RegExp(`\\bsteps\\.${id}\\.outputs\\.`).test(value),
  );
}

/** The sign-in that a new step comes after. */
function signInBefore(step: NewStep, { units, signIns }: JobContext): Credentials | undefined {
  const at = units.findIndex(({ outcome }) => outcome.kind === 'becomes' && outcome.steps.includes(step));
  return signIns.findLast(({ unit }) => units.indexOf(unit) < at) ?? signIns[0];
}

/** Whether a unit that stays looks at an image on the runner. */
function looksAt(unit: Unit, image: string, context: JobContext): boolean {
  if (unit.outcome.kind !== 'stays') return false;
  const name = context.scope.canonical(image);
  const text = context.scope.canonical(textOf(unit));
  const isTool =
    unit.part || unit.step.run
      ? runs(unit, LOOKS)
      : /trivy|grype|snyk|scan|container-structure/.test(unit.step.uses ?? '');
  return isTool && (text.includes(name) || variablesNaming(text, name, context));
}

/** Whether a text has a variable that stands for the image. */
function variablesNaming(text: string, image: string, { variables }: JobContext): boolean {
  return [...text.matchAll(/\$\{?([A-Za-z_]\w*)\}?/g)].some(([, name = '']) => {
    const read = variables.get(name);
    return read !== undefined && 'value' in read && read.value.includes(image);
  });
}
