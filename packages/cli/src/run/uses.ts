import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type StandIn, standIn } from '@gangway/act';
import { parse } from 'yaml';
import { bundleOf } from './bundles.ts';
import type { Job, Step } from './workflow.ts';

/** This repository, as workflows name it on GitHub. */
export const PUBLISHED = 'gangway-dev/gangway';

/** What a run reaches beside its own workflow. */
export interface Reached {
  /** References to our own repository, as they are written: `v1`. */
  readonly references: ReadonlySet<string>;
  /** Actions of others by `OWNER/NAME@REF`: the folder that holds them, or what stands in for each of their paths. */
  readonly others: ReadonlyMap<string, Other>;
  /** Workflows and actions of the repository's own, by path, with their text. */
  readonly own: ReadonlyMap<string, string>;
  /** Text of each workflow and action that was reached, ours among them. */
  readonly texts: readonly string[];
  /** Labels of runners. */
  readonly labels: ReadonlySet<string>;
  /** What can't be had or done here, each with what to do. */
  readonly problems: readonly string[];
  /** Actions that are not on this machine. */
  readonly missing: readonly { readonly repository: string; readonly reference: string }[];
}

export interface Other {
  readonly repository: string;
  readonly reference: string;
  readonly folder?: string;
  readonly standIns: Map<string, StandIn>;
}

export interface Places {
  /** Top of the repository. */
  readonly folder: string;
  /** Where our own actions and workflows are. */
  readonly suite: string;
  /** Folders with the actions of others. */
  readonly actions: readonly string[];
  /** Actions to leave out, `OWNER/NAME`. */
  readonly skipped: readonly string[];
}

/** Where a text was found. */
interface Source {
  readonly root: string;
  readonly path: string;
  readonly isOwn: boolean;
}

/** Follows every `uses:` from a workflow's jobs on. */
export function reach(
  path: string,
  text: string,
  jobs: Readonly<Record<string, Job>>,
  places: Places,
): Reached {
  const references = new Set<string>();
  const others = new Map<string, Other>();
  const own = new Map([[path, text]]);
  const texts = [text];
  const labels = new Set<string>();
  const problems = new Set<string>();
  const seen = new Set<string>();
  const missing: { repository: string; reference: string }[] = [];

  const follow = (uses: string, from: Source): void => {
    const key = `${uses} ${from.isOwn ? '' : from.root}`;
    if (seen.has(key)) return;
    seen.add(key);
    if (uses.startsWith('docker://')) {
      problems.add(
        `${from.path} uses ${uses}: containers as actions can't run here. Leave its job out with --job.`,
      );
      return;
    }
    const local = /^(?:\.|\$)\/(.*)$/.exec(uses)?.[1];
    if (local !== undefined) {
      enter({ ...from, path: local }, uses, from);
      return;
    }
    const [, repository = '', below = '', reference = ''] =
      /^([\w.-]+\/[\w.-]+)((?:\/[^@]*)?)@(.+)$/.exec(uses) ?? [];
    if (!repository) {
      problems.add(`${from.path} uses "${uses}", which is no action: OWNER/NAME@REF.`);
      return;
    }
    const inside = below.slice(1);
    if (repository.toLowerCase() === PUBLISHED) {
      references.add(reference);
      enter({ root: places.suite, path: inside, isOwn: false }, uses, from);
      return;
    }
    const name = `${repository}@${reference}`;
    const other: Other = others.get(name) ?? { repository, reference, standIns: new Map() };
    const whole = inside ? `${repository}/${inside}` : repository;
    const stand = places.skipped.includes(repository)
      ? { inputs: [], run: `echo "${whole} is left out."`, does: 'left out, as --skip says' }
      : standIn(whole);
    const folder =
      stand && !stand.yields
        ? undefined
        : (other.folder ?? bundleOf(repository, reference, inside, places.actions));
    if (folder) {
      others.set(name, { ...other, folder });
      enter({ root: folder, path: inside, isOwn: false }, uses, from);
      return;
    }
    if (!stand) {
      missing.push({ repository, reference });
      problems.add(
        `${from.path} uses ${uses}, which is not on this machine. Fetch it once with --fetch, name a folder that has it with --actions, or leave it out with --skip ${repository}.`,
      );
      return;
    }
    other.standIns.set(inside, stand);
    others.set(name, other);
  };

  const enter = (source: Source, uses: string, from: Source): void => {
    const file = fileAt(source);
    if (!file) {
      const where = source.isOwn ? 'the repository' : uses.split('@')[0];
      problems.add(
        `${from.path} uses ${uses}: ${where} has no ${source.path || 'action.yml'} in this version.`,
      );
      return;
    }
    const content = readFileSync(join(source.root, file), 'utf8');
    if (source.isOwn) own.set(file, content);
    texts.push(content);
    const found = { ...source, path: file };
    let parsed: { jobs?: Record<string, Job>; runs?: { steps?: readonly Step[]; using?: string } };
    try {
      parsed = parse(content);
    } catch (error) {
      problems.add(`${file} does not parse: ${(error as Error).message.split('\n')[0]}`);
      return;
    }
    if (parsed.runs?.using === 'docker')
      problems.add(`${from.path} uses ${uses}, a container: those can't run here. Leave it out with --skip.`);
    if (parsed.jobs) walk(parsed.jobs, found);
    for (const step of parsed.runs?.steps ?? []) if (step.uses) follow(step.uses, found);
  };

  const walk = (all: Readonly<Record<string, Job>>, source: Source): void => {
    for (const [id, job] of Object.entries(all)) {
      for (const kind of ['container', 'services'] as const)
        if (job[kind] !== undefined && source.isOwn)
          problems.add(
            `${source.path}: the job "${id}" has ${kind}, and jobs run on this machine itself. Leave it out with --job.`,
          );
      for (const label of labelsOf(job)) labels.add(label);
      if (job.uses) follow(job.uses, source);
      for (const step of job.steps ?? []) if (step.uses) follow(step.uses, source);
    }
  };

  walk(jobs, { root: places.folder, path, isOwn: true });
  return { references, others, own, texts, labels, problems: [...problems], missing };
}

/** A workflow, or the file of an action in a folder. */
function fileAt({ root, path }: Source): string | undefined {
  const names = /\.ya?ml$/.test(path)
    ? [path]
    : ['action.yml', 'action.yaml'].map((name) => join(path, name));
  return names.find((name) => existsSync(join(root, name)));
}

/** Every label that a job may ask for, those of its matrix among them. */
function labelsOf(job: Job): string[] {
  const runsOn = job['runs-on'];
  const asked =
    typeof runsOn === 'object' && runsOn !== null && !Array.isArray(runsOn)
      ? (runsOn as { labels?: unknown }).labels
      : runsOn;
  const texts = [asked ?? []].flat().filter((one): one is string => typeof one === 'string');
  return texts.some((one) => one.includes('${{'))
    ? [...texts, ...scalarsIn(job.strategy?.matrix)].filter((one) => !one.includes('${{'))
    : texts;
}

function scalarsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(scalarsIn);
}
