import { masked } from '../model/expressions.ts';
import { referenceOf } from '../model/images.ts';
import { type NewStep, type Outcome, STAYS, type Unit } from '../model/outcome.ts';
import { type CommandLine, readOptions } from '../shell/options.ts';
import { SHORT_SHA } from '../shell/words.ts';
import { BUILDS_SUBMIT, DOCKER_BUILD } from '../tables/docker-build.ts';
import type { JobContext } from './context.ts';
import { isHarmless } from './harmless.ts';
import { becomes, stays } from './place.ts';
import { inputsFrom } from './values.ts';
import type { Build } from './waiting.ts';

/** Tags that build-and-push reads as words. */
const WORDS = /^(sha|short-sha|branch|tag|pr|semver|schedule|edge|latest)$/;

/** `docker build` and `docker buildx build`: what they make waits for a push. @param words after `build` */
export function dockerBuild(unit: Unit, words: readonly string[], context: JobContext): Outcome {
  const line = readOptions(words, DOCKER_BUILD);
  if ('why' in line) return stays(`docker build: ${line.why}`);
  const names = valuesOf(line, '--tag');
  const build = buildOf(unit, line, context);
  if ('why' in build) return stays(`docker build: ${build.why}`);
  if (names.length === 0) return STAYS;
  for (const name of names) build.names.add(canonicalName(name, context));
  context.builds.push(build);
  return line.options.some(({ name }) => name === '--push') ? push(unit, names, build, context) : STAYS;
}

/** `docker tag FROM TO`. */
export function dockerTag(unit: Unit, words: readonly string[], context: JobContext): Outcome {
  const [from, to, ...more] = words;
  if (from === undefined || to === undefined || more.length > 0)
    return stays('docker tag: it takes two images');
  const build = builtAs(from, context);
  if (!build) return stays(`docker tag: no step here builds ${from}`);
  build.names.add(canonicalName(to, context));
  build.units.push(unit);
  return STAYS;
}

/** `docker push IMAGE`, and `--all-tags`. */
export function dockerPush(unit: Unit, words: readonly string[], context: JobContext): Outcome {
  const names = words.filter((word) => !word.startsWith('-'));
  const options = words.filter((word) => word.startsWith('-'));
  const all = options.some((option) => /^(-a|--all-tags)$/.test(option));
  if (options.some((option) => !/^(-a|--all-tags|-q|--quiet)$/.test(option)) || names.length !== 1)
    return stays(`docker push: ${options.join(' ') || 'it takes one image'} is not known here`);
  const [name = ''] = names;
  const build = all
    ? context.builds.findLast((one) =>
        [...one.names].some((tagged) => tagged.startsWith(`${context.scope.canonical(name)}:`)),
      )
    : builtAs(name, context);
  if (!build) return stays(`docker push: no step here builds ${name}`);
  const tagged = [...build.names].filter((one) => one.startsWith(`${context.scope.canonical(name)}:`));
  return push(unit, all ? tagged : [name], build, context);
}

/** `gcloud builds submit`. @param words after `submit` */
export function buildsSubmit(unit: Unit, words: readonly string[], context: JobContext): Outcome {
  const line = readOptions(words, BUILDS_SUBMIT);
  if ('why' in line) return stays(`gcloud builds submit: ${line.why}`);
  const names = valuesOf(line, '--tag');
  const build = buildOf(
    unit,
    { ...line, operands: line.operands.length > 0 ? line.operands : ['.'] },
    context,
  );
  if ('why' in build) return stays(`gcloud builds submit: ${build.why}`);
  if (names.length !== 1)
    return stays(
      'gcloud builds submit: without --tag, a file says what is built: write its steps as steps of the workflow',
    );
  build.notes.push(
    'The runner builds, and not Cloud Build; .dockerignore says what is left out, and not .gcloudignore.',
  );
  for (const name of names) build.names.add(canonicalName(name, context));
  context.builds.push(build);
  return push(unit, names, build, context);
}

function buildOf(unit: Unit, line: CommandLine, context: JobContext): Build | { readonly why: string } {
  const [folder, ...more] = line.operands;
  if (folder === undefined || more.length > 0) return { why: 'it takes one folder to build' };
  if (folder === '-' || /^(https?:|git@|git:)/.test(folder))
    return { why: `it builds ${folder}, and not the repository` };
  const given = inputsFrom(
    { ...line, options: line.options.filter(({ mapping }) => mapping.to !== 'image') },
    context,
  );
  if ('why' in given) return given;
  const inputs: Record<string, string> = { ...given.inputs };
  const env: Record<string, string> = {};
  const why = buildArguments(inputs, unit, context) ?? secrets(inputs, env, unit, context);
  if (why !== undefined) return { why };
  const path = context.path(folder);
  if (path !== '.') inputs.context = path;
  if (inputs.file !== undefined) {
    inputs.file = context.path(inputs.file);
    if (inputs.file === (path === '.' ? 'Dockerfile' : `${path}/Dockerfile`)) delete inputs.file;
  }
  return { inputs, env, notes: [], names: new Set(), units: [unit] };
}

/** `--build-arg NAME` takes the value of the variable. */
function buildArguments(
  inputs: Record<string, string>,
  { step }: Unit,
  { scope }: JobContext,
): string | undefined {
  if (inputs.build_args === undefined) return undefined;
  const lines: string[] = [];
  for (const line of inputs.build_args.split('\n')) {
    if (/^[^=]+=/.test(line)) lines.push(line);
    else {
      const value = scope.variable(line.trim(), step);
      if (value === undefined) return `--build-arg ${line}: no variable of that name is known here`;
      lines.push(`${line.trim()}=${value}`);
    }
  }
  inputs.build_args = lines.join('\n');
  return undefined;
}

function secrets(
  inputs: Record<string, string>,
  env: Record<string, string>,
  { step }: Unit,
  context: JobContext,
): string | undefined {
  const given = inputs.secret_envs;
  if (given === undefined) return undefined;
  delete inputs.secret_envs;
  for (const text of given.split('\n')) {
    const parts = Object.fromEntries(text.split(',').map((one) => one.split('=') as [string, string]));
    const { id, env: variable = id, src = parts.source } = parts;
    if (id === undefined) return `--secret ${text}: it has no id`;
    if (src !== undefined) inputs.secret_files = joined(inputs.secret_files, `${id}=${context.path(src)}`);
    else if (variable !== undefined) {
      inputs.secret_envs = joined(inputs.secret_envs, `${id}=${variable}`);
      if (step.env[variable] !== undefined) env[variable] = step.env[variable] ?? '';
    }
  }
  return undefined;
}

/** Makes one step of a build and its pushes; a later push of the same image adds its tags to it. */
function push(unit: Unit, names: readonly string[], build: Build, context: JobContext): Outcome {
  const at = context.units.indexOf(unit);
  const first = context.units.indexOf(build.units[0] ?? unit);
  const between = context
    .staysBetween(build.at ?? first, at)
    .find((one) => !build.units.includes(one) && !isHarmless(one));
  const apart = build.units.find(({ step }) => step.condition !== unit.step.condition);
  const why = between
    ? `line ${between.step.line} comes between the build and this push, and may need the image on the runner`
    : apart
      ? `it is pushed on another condition than it is built on at line ${apart.step.line}`
      : undefined;
  if (why !== undefined) return revert(build, unit, why, context);
  const references = names.map((name) => referenceOf(name, context.scope));
  let outcome: Outcome | undefined;
  for (const reference of references) {
    if ('why' in reference) return revert(build, unit, reference.why, context);
    if (
      build.step &&
      context.scope.canonical(build.step.with.image ?? '') !== context.scope.canonical(reference.name)
    )
      return revert(
        build,
        unit,
        `the image is pushed under two names: ${reference.name} is the second`,
        context,
      );
    if (build.step) {
      build.step.with.tags = joined(build.step.with.tags, tagLine(reference.tag));
      continue;
    }
    build.step = newBuild(unit, reference.name, reference.tag, build, context);
    for (const one of build.units) if (one !== unit) one.outcome = { kind: 'joins', step: build.step };
    outcome = becomes([build.step], context);
  }
  build.at = at;
  for (const one of build.units)
    if (one !== unit && build.step && one.outcome.kind === 'stays')
      one.outcome = { kind: 'joins', step: build.step };
  if (!build.units.includes(unit)) build.units.push(unit);
  return outcome ?? (build.step ? { kind: 'joins', step: build.step } : STAYS);
}

function newBuild({ step }: Unit, image: string, tag: string, build: Build, context: JobContext): NewStep {
  return {
    name: 'Build and push',
    id: context.newId('build'),
    action: 'build-and-push',
    with: { image, tags: tagLine(tag), ...build.inputs },
    env: build.env,
    ...(step.condition !== undefined && { condition: step.condition }),
    rest: step.rest,
    notes: build.notes,
    signsIn: true,
  };
}

/** Leaves a build as it is, with all that belongs to it. */
export function revert(build: Build, unit: Unit, why: string, context: JobContext): Outcome {
  const { step } = build;
  if (step) context.added.splice(context.added.indexOf(step), 1);
  for (const { with: inputs, image } of context.added)
    if (image !== undefined && inputs.image === `\${{ steps.${step?.id}.outputs.image }}`)
      inputs.image = image;
  delete build.step;
  for (const one of new Set([...build.units, unit])) one.outcome = { kind: 'stays', why };
  context.builds.splice(context.builds.indexOf(build), 1);
  return { kind: 'stays', why };
}

/** The build that made what a name stands for. */
export function builtAs(name: string, context: JobContext): Build | undefined {
  const wanted = canonicalName(name, context);
  return context.builds.findLast(({ names }) => names.has(wanted));
}

function canonicalName(name: string, { scope }: JobContext): string {
  const known = scope.canonical(name.trim());
  const plain = masked(known);
  return plain.includes('@') || plain.lastIndexOf(':') > plain.lastIndexOf('/') ? known : `${known}:latest`;
}

/** A line of `tags` that stands for just this tag. */
export function tagLine(tag: string): string {
  if (tag === SHORT_SHA) return 'short-sha';
  if (WORDS.test(tag)) return `type=raw,value=${tag}`;
  const isOpen =
    /^\$\{\{(?!\s*github\.(sha|run_id|run_number)\s*\}\})[\s\S]*\}\}$/.test(tag) && !/\}\}.+/.test(tag);
  return isOpen ? `type=raw,value=${tag}` : tag;
}

function valuesOf({ options }: CommandLine, name: string): string[] {
  return options.filter(({ mapping }) => mapping.from === name).map(({ value }) => value);
}

function joined(before: string | undefined, line: string): string {
  return before === undefined ? line : before.split('\n').includes(line) ? before : `${before}\n${line}`;
}
