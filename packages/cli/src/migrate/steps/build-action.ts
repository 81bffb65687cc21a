import { counted } from '@gangway/action/counted';
import { isGoogles, type Reference, referenceOf } from '../model/images.ts';
import { type NewStep, type Outcome, STAYS, type Unit } from '../model/outcome.ts';
import type { Step } from '../model/workflow.ts';
import { BUILD_PUSH, METADATA } from '../tables/build-push-action.ts';
import { tagLine } from './build.ts';
import type { JobContext } from './context.ts';
import { becomes, stays } from './place.ts';
import { inputsOf } from './sign-in.ts';
import { split } from './values.ts';

/** Tags of docker/metadata-action where it is told none. */
const DEFAULT_TAGS = ['schedule', 'ref,event=branch', 'ref,event=tag', 'ref,event=pr']
  .map((type) => `type=${type}`)
  .join('\n');
/** Outputs that build-and-push has too. */
const OUTPUTS = new Set(['digest']);

/** A step of docker/build-push-action. */
export function buildPush(unit: Unit, context: JobContext): Outcome {
  const { step } = unit;
  const { with: given } = step;
  if (given.push === undefined)
    return /^[^$]*$/.test(given.outputs ?? '') && given.outputs?.includes('push=true') !== true
      ? STAYS
      : stays('"outputs" says where the result goes');
  if (given.push === 'false') return STAYS;
  const { inputs, stays: why } = inputsOf(step, BUILD_PUSH);
  if (why !== undefined) return stays(why);
  const unread = [...context.outputsRead(step)].find((name) => !OUTPUTS.has(name));
  if (unread !== undefined)
    return stays(`its output "${unread}" is read, which build-and-push does not have`);
  const folder = folderOf(given.context, context);
  if ('why' in folder) return stays(folder.why);
  const { image: _, context: __, ...rest } = inputs;
  const tagged = taggedBy(given.tags ?? '', context);
  if ('why' in tagged) return stays(tagged.why);
  const labels = labelsOf(rest.labels, tagged.metadata);
  if (labels === undefined) delete rest.labels;
  else rest.labels = labels;
  const built: NewStep = {
    ...(step.name !== undefined && { name: step.name }),
    id: step.id ?? context.newId('build'),
    action: 'build-and-push',
    with: {
      image: tagged.image,
      ...tagged.inputs,
      ...(folder.path !== '.' && { context: folder.path }),
      ...rest,
    },
    env: { ...step.env },
    ...(step.condition !== undefined && { condition: step.condition }),
    rest: step.rest,
    notes: [],
    signsIn: true,
  };
  const buildx = context.job.steps.some(({ uses }) => uses?.startsWith('docker/setup-buildx-action@'));
  if (buildx && given.provenance === undefined)
    built.notes.push(
      "No provenance is attached, as setup-buildx-action's builder did; `provenance: true` attaches it.",
    );
  if (given.context === undefined)
    built.notes.push('The checked-out folder is built, with files that earlier steps made.');
  if (given['cache-from'] !== undefined || given['cache-to'] !== undefined)
    built.notes.push('cache-from and cache-to are left out: the cache is kept in the registry.');
  const outcome = becomes([built], context);
  if (tagged.metadata) tagged.metadata.outcome = { kind: 'joins', step: built };
  context.builds.push({
    inputs: {},
    env: {},
    notes: built.notes,
    names: new Set(tagged.references.map(({ name, tag }) => context.scope.canonical(`${name}:${tag}`))),
    units: tagged.metadata ? [tagged.metadata, unit] : [unit],
    step: built,
    at: context.units.indexOf(unit),
  });
  return outcome;
}

type Folder = { readonly path: string } | { readonly why: string };

function folderOf(given: string | undefined, { job }: JobContext): Folder {
  if (given !== undefined && given !== '' && !/^\{\{\s*defaultContext\s*\}\}/.test(given)) {
    if (/^(https?:|git@)/.test(given)) return { why: `it builds ${given}, and not the repository` };
    return { path: given.replace(/^\.\/(?=.)/, '').replace(/\/$/, '') || '.' };
  }
  if (!job.steps.some(({ uses }) => uses?.startsWith('actions/checkout@')))
    return { why: 'it builds from Git without a checkout: add actions/checkout before it' };
  return { path: (given ?? '').replace(/^\{\{\s*defaultContext\s*\}\}:?/, '') || '.' };
}

interface Tagged {
  readonly image: string;
  readonly inputs: Record<string, string>;
  readonly references: readonly Reference[];
  readonly metadata?: Unit;
}

/** The image and the tags: listed, or those of docker/metadata-action. */
function taggedBy(text: string, context: JobContext): Tagged | { readonly why: string } {
  const items = split(text, /[\n,]/).map((item) => item.replace(/^(["'])(.*)\1$/, '$2'));
  const [, id] = /^\$\{\{\s*steps\.([\w-]+)\.outputs\.tags\s*\}\}$/.exec(items[0] ?? '') ?? [];
  const metadata = context.units.find(
    ({ step }) => step.id === id && id !== undefined && step.uses?.startsWith('docker/metadata-action@'),
  );
  if (metadata && items.length === 1) return byMetadata(metadata, context);
  const references: Reference[] = [];
  for (const item of items) {
    const reference = referenceOf(item, context.scope);
    if ('why' in reference) return reference;
    references.push(reference);
  }
  const [first] = references;
  if (!first) return { why: '"tags" is empty' };
  const other = references.find(
    ({ name }) => context.scope.canonical(name) !== context.scope.canonical(first.name),
  );
  if (other) return { why: `it pushes two images, ${first.name} and ${other.name}: one step builds one` };
  return {
    image: first.name,
    inputs: { tags: references.map(({ tag }) => tagLine(tag)).join('\n') },
    references,
  };
}

/** docker/metadata-action goes where nothing but its tags and labels is read, and only here; else its output is taken. */
function byMetadata(metadata: Unit, context: JobContext): Tagged | { readonly why: string } {
  const { step } = metadata;
  const images = split(step.with.images ?? '', /[\n,]/);
  const [image = ''] = images;
  if (images.length !== 1)
    return { why: `docker/metadata-action names ${counted(images.length, 'image')}: one step builds one` };
  if (!isGoogles(context.scope.canonical(image))) return { why: `${image} is no image of Artifact Registry` };
  const read = [...context.outputsRead(step)];
  const { inputs, stays: why } = inputsOf(step, METADATA);
  const isFolded =
    why === undefined &&
    read.every((name) => name === 'tags' || name === 'labels') &&
    readsOf(step, context) <= 2;
  if (!isFolded)
    return {
      image,
      inputs: { tags: `\${{ steps.${step.id}.outputs.tags }}` },
      references: [versionOf(image, step)],
    };
  const { image: _, ...rest } = inputs;
  return {
    image,
    inputs: { tags: rest.tags ?? DEFAULT_TAGS, ...without(rest, 'tags') },
    references: [versionOf(image, step)],
    metadata,
  };
}

function versionOf(name: string, { id }: Step): Reference {
  return { name, tag: `\${{ steps.${id}.outputs.version }}` };
}

/** How often outputs of a step are read. */
function readsOf({ id }: Step, { workflow, job }: JobContext): number {
  return [...workflow.text.slice(job.from, job.to).matchAll(new RegExp(`\\bsteps\\.${id}\\.outputs\\.`, 'g'))]
    .length;
}

/** Labels of the step, where they are more than those of docker/metadata-action, which are filled in. */
function labelsOf(given: string | undefined, metadata: Unit | undefined): string | undefined {
  const lines = (given ?? '')
    .split('\n')
    .filter(
      (line) =>
        line.trim() !== '' && !(metadata && line.includes(`steps.${metadata.step.id}.outputs.labels`)),
    );
  const own = metadata?.step.with.labels;
  const all = [...(own === undefined ? [] : [own.trimEnd()]), ...lines];
  return all.length === 0 ? undefined : all.join('\n');
}

function without(record: Readonly<Record<string, string>>, name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== name));
}
