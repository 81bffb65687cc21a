import type { Assignment, Command } from 'unbash';
import { type Outcome, STAYS, type Unit } from '../model/outcome.ts';
import type { Step } from '../model/workflow.ts';
import { readScript } from '../shell/script.ts';
import { isOpaque, namesSetIn } from '../shell/state.ts';
import { type Read, readWord, type Words } from '../shell/words.ts';
import { exportedIn, targetOf } from '../shell/writes.ts';
import { command as convertCommand, pipeline } from './command.ts';
import type { JobContext } from './context.ts';
import { runs } from './harmless.ts';
import { stays } from './place.ts';
import { takeUrls, urlAskedBy } from './url.ts';

/** Programs that deploy, or prepare it. */
const DEPLOYS = /^(gcloud|docker|flyctl|fly|kubectl|helm|gsutil|skaffold)$/;

/** Reads the script of a step, part by part. */
export function script(step: Step, context: JobContext): void {
  const whole: Unit = { step, outcome: STAYS };
  const shell = step.shell ?? context.job.shell ?? 'bash';
  const read = readScript(step.run ?? '');
  const why = step.odd
    ? step.odd
    : context.isJudged(step)
      ? 'another step looks at how it ended'
      : !/^(bash|sh)\b/.test(shell)
        ? `its shell is ${shell}`
        : read === undefined
          ? "its script can't be read"
          : undefined;
  if (why !== undefined || !read) {
    context.units.push(whole);
    for (const name of exportedIn(step.run ?? '')) context.scope.export(name, undefined);
    if (/\b(gcloud (run|builds)|docker push|(flyctl|fly) deploy)\b/.test(step.run ?? '') && why)
      whole.outcome = stays(why);
    return;
  }
  context.variables = new Map();
  context.isOpaque = false;
  context.isLost = false;
  context.folder = '.';
  context.folder = context.path(step.folder ?? context.job.folder ?? '.');
  for (const part of read.parts) {
    const unit: Unit = { step, part, outcome: STAYS };
    context.units.push(unit);
    const look = (name: string): Read => variable(name, step, context);
    unit.outcome = note(
      unit,
      { restored: read.restored, variable: look, found: (text) => urlAskedBy(text, unit, look, context) },
      context,
    );
    takeUrls(unit, look, context);
    if (isOpaque(part.text)) context.isOpaque = true;
    if (part.commands.length !== 1 && runs(unit, /^(cd|pushd|popd)$/) && !/^\s*\(/.test(part.text))
      context.isLost = true;
    if (runs(unit, /^(pushd|popd|source|\.|eval)$/)) context.isLost = true;
  }
}

/** What a part sets, or what becomes of it. */
function note(unit: Unit, words: Words, context: JobContext): Outcome {
  const { part } = unit;
  const [only, ...more] = part?.commands ?? [];
  if (!part || !only || more.length > 0)
    for (const name of namesSetIn(part?.text ?? ''))
      context.variables.set(name, { unknown: `$${name} is only known when the step runs` });
  if (!part || !only) {
    for (const name of exportedIn(part?.text ?? '')) context.scope.export(name, undefined);
    if (isRepository(part?.text ?? ''))
      return { kind: 'left', why: 'build-and-push creates the repository', for: 'repository' };
    return runs(unit, DEPLOYS) ? compound(unit) : STAYS;
  }
  if (
    /^(echo\b[\s\S]*\.fly\/bin[\s\S]*GITHUB_PATH|export (PATH|FLYCTL_INSTALL)=[\s\S]*\.fly\b)/.test(part.text)
  ) {
    return { kind: 'left', why: 'fly-deploy brings flyctl, whose digest it checks', for: 'fly' };
  }
  if (more.length > 0) return pipeline(unit, words, context);
  const name = only.name?.value;
  const assigned = only.prefix.filter((one): one is Assignment => one.type === 'Assignment');
  const args = only.suffix.filter((one): one is Assignment => one.type === 'Assignment');
  if (name === undefined || name === 'export' || name === 'readonly') {
    for (const { name: variableName, value, append } of [...assigned, ...args])
      context.variables.set(
        variableName,
        value.type === 'Word' && !append
          ? readWord(value, words)
          : { unknown: `$${variableName} is only known when the step runs` },
      );
    return STAYS;
  }
  if (/^(read|mapfile|readarray|declare|typeset|local)$/.test(name))
    for (const one of namesSetIn(part.text))
      context.variables.set(one, { unknown: `$${one} is only known when the step runs` });
  if (name === 'cd') {
    const [word] = only.suffix;
    const read: Read = word?.type === 'Word' ? readWord(word, words) : { value: '.' };
    if ('value' in read) context.folder = context.path(read.value);
    else context.isLost = true;
    return STAYS;
  }
  if (name === 'echo' || name === 'printf') {
    told(only, unit, { words, context });
    return STAYS;
  }
  return convertCommand(unit, only, words, context);
}

/** A line that a step writes for those after it: `NAME=VALUE`. */
function told(
  command: Command,
  unit: Unit,
  { words, context }: { readonly words: Words; readonly context: JobContext },
): void {
  const { step, part } = unit;
  const target = targetOf(command);
  const args = command.suffix.flatMap((word) => (word.type === 'Word' ? [readWord(word, words)] : []));
  const [first] = args;
  const value = args.length === 1 && first && 'value' in first ? first.value : undefined;
  if (target === 'GITHUB_ENV') {
    const [, name, rest] = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(value ?? '') ?? [];
    if (name !== undefined) context.scope.export(name, rest);
    else for (const one of exportedIn(part?.text ?? '')) context.scope.export(one, undefined);
    return;
  }
  const [, output, rest] =
    /^([\w-]+)=([\s\S]*)$/.exec(target === 'GITHUB_OUTPUT' ? (value ?? '') : '') ??
    /^::set-output name=([\w-]+)::([\s\S]*)$/.exec(value ?? '') ??
    [];
  if (output !== undefined && rest !== undefined && step.id !== undefined)
    context.scope.output(step.id, output, rest);
  else if (target !== undefined && value !== undefined && !target.startsWith('GITHUB_'))
    context.keyFiles.set(target, { value, unit });
}

/** A variable of the shell. What the script finds out is handed on to later steps as an output of it. */
function variable(name: string, step: Step, context: JobContext): Read {
  const own = context.variables.get(name);
  if (context.isOpaque || (own && 'unknown' in own))
    return { value: `\${{ steps.${context.handOn(step, name)}.outputs.${name} }}` };
  if (own) return own;
  const value = context.scope.variable(name, step);
  return value === undefined ? { unknown: `$${name} is not set by the workflow` } : { value };
}

/** `if`, loops, functions, `||`: nothing in them is replaced. */
function compound(unit: Unit): Outcome {
  const text = unit.part?.text ?? '';
  const deploys =
    /\bgcloud\s+(?:(?:alpha|beta)\s+)?(run\s+(deploy|jobs\s+(deploy|create|update))|builds\s+submit|api-gateway\s+\S+\s+(create|update))|\bdocker\s+(build|push)|\b(flyctl|fly)\s+(deploy|apps\s+create|secrets\s+(set|import))|\b(kubectl|helm|skaffold)\b/;
  if (deploys.test(text))
    return stays(
      'it stands in a condition, a loop or a function: only commands that always run are replaced',
    );
  return STAYS;
}

/** Whether a part makes a repository of Artifact Registry unless it is there, and does nothing else. */
function isRepository(text: string): boolean {
  const commands = text.replace(/\\\n/g, ' ').split(/[\n;]|\|\||&&|\bthen\b|\belse\b|\bfi\b|\bif\b/);
  const isOne = (command: string): boolean =>
    /^[!\s(]*gcloud\s+(--quiet\s+)?artifacts\s+repositories\s+(describe|create|list)\b/.test(command) &&
    !/--(kms-key|mode|immutable-tags|remote-|upstream)/.test(command);
  const said = commands
    .map((command) => command.trim())
    .filter((command) => command !== '' && !/^[({})!]+$/.test(command));
  return (
    said.some((command) => /repositories\s+create/.test(command)) &&
    said.every((command) => isOne(command) || /^(echo\b[^`$]*|true|:|exit 0)$/.test(command))
  );
}
