import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { parse } from 'yaml';
import { Misuse } from '../misuse.ts';
import { githubParser } from './github-parser.ts';

export const WORKFLOWS = '.github/workflows';

/** A workflow of the repository. */
export interface Workflow {
  /** From the top of the repository, e.g. `.github/workflows/deploy.yml`. */
  readonly path: string;
  readonly text: string;
  readonly name: string;
  /** What each event that starts it says, by the event's name. */
  readonly on: Readonly<Record<string, Trigger>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

interface Trigger {
  readonly inputs?: Readonly<Record<string, WorkflowInput | null>>;
}

export interface WorkflowInput {
  readonly required?: boolean;
  readonly default?: unknown;
  readonly type?: string;
  readonly options?: readonly string[];
}

export interface Job {
  readonly name?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly needs?: string | readonly string[];
  readonly steps?: readonly Step[];
  readonly 'runs-on'?: unknown;
  readonly container?: unknown;
  readonly services?: unknown;
  readonly strategy?: { readonly matrix?: unknown };
}

export interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

/**
 * The workflow that is asked for: by a path, by its file's name with or without its ending, or by its own name. Without any,
 * the one there is, or the one that is named like a deployment.
 *
 * @throws Misuse that lists what there is
 */
export async function findWorkflow(folder: string, asked: string | undefined): Promise<Workflow> {
  const directory = join(folder, WORKFLOWS);
  const files = existsSync(directory)
    ? readdirSync(directory)
        .filter((name) => /\.ya?ml$/.test(name))
        .sort()
    : [];
  if (asked !== undefined) {
    const direct = [resolve(asked), resolve(folder, asked)].find(
      (path) => /\.ya?ml$/.test(path) && existsSync(path),
    );
    if (direct) {
      const path = relative(folder, direct);
      if (path.startsWith('..') || !path.startsWith(WORKFLOWS))
        throw new Misuse(`${asked} is not in ${WORKFLOWS} of ${folder}, where GitHub looks for workflows.`);
      return readWorkflow(folder, path);
    }
  }
  if (files.length === 0)
    throw new Misuse(
      `${folder} has no workflow in ${WORKFLOWS}. gangway deploy runs the pipeline without one, and writes one with --write-workflow.`,
    );
  const found =
    asked === undefined
      ? chosen(files)
      : files.filter((name) => name === asked || name.replace(/\.ya?ml$/, '') === asked);
  const [only] = found;
  if (only !== undefined && found.length === 1) return readWorkflow(folder, join(WORKFLOWS, only));
  for (const name of asked === undefined ? [] : files) {
    const workflow: Workflow | undefined = await readWorkflow(folder, join(WORKFLOWS, name)).catch(
      () => undefined,
    );
    if (workflow && workflow.name === asked) return workflow;
  }
  const list = files.map((name) => name.replace(/\.ya?ml$/, '')).join(', ');
  throw new Misuse(
    asked === undefined
      ? `Which workflow? ${folder} has ${list}.`
      : `No workflow is named "${asked}". ${folder} has ${list}.`,
  );
}

function chosen(files: readonly string[]): readonly string[] {
  if (files.length === 1) return files;
  const exact = files.filter((name) => /^deploy\.ya?ml$/.test(name));
  return exact.length === 1 ? exact : files.filter((name) => /deploy|release|publish|^cd\b/.test(name));
}

/** Reads a workflow. @throws Misuse with GitHub's own words and the line of each mistake */
async function readWorkflow(folder: string, path: string): Promise<Workflow> {
  return workflowFrom(path, readFileSync(join(folder, path), 'utf8'));
}

/** A workflow of this text. @throws Misuse with GitHub's own words and the line of each mistake */
export async function workflowFrom(path: string, text: string): Promise<Workflow> {
  const mistakes = await mistakesIn(path, text);
  if (mistakes.length > 0)
    throw new Misuse(`${path} does not parse:\n${mistakes.map((one) => `  ${one}`).join('\n')}`);
  const content = parse(text) as { name?: string; on: unknown; jobs: Readonly<Record<string, Job>> };
  return { path, text, name: content.name ?? path, on: triggers(content.on), jobs: content.jobs };
}

/** What GitHub's own parser says against a workflow, with the lines. */
export async function mistakesIn(path: string, content: string): Promise<string[]> {
  const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } = await githubParser();
  const result = parseWorkflow({ name: basename(path), content }, new NoOperationTraceWriter());
  if (result.value) await convertWorkflowTemplate(result.context, result.value);
  return result.context.errors
    .getErrors()
    .map(({ message, range }) =>
      range ? `line ${range.start.line}: ${message.replace(/^.*?\(Line: \d+, Col: \d+\): /, '')}` : message,
    );
}

function triggers(on: unknown): Readonly<Record<string, Trigger>> {
  if (typeof on === 'string') return { [on]: {} };
  if (Array.isArray(on)) return Object.fromEntries(on.map((name) => [String(name), {}]));
  return Object.fromEntries(
    Object.entries((on ?? {}) as Record<string, Trigger | null>).map(([name, trigger]) => [
      name,
      trigger ?? {},
    ]),
  );
}

/** Jobs that run: one and what it needs, or all. @throws Misuse for one that is not there */
export function jobsOf({ path, jobs }: Workflow, asked: string | undefined): Readonly<Record<string, Job>> {
  if (asked === undefined) return jobs;
  if (!Object.hasOwn(jobs, asked))
    throw new Misuse(`${path} has no job "${asked}". It has ${Object.keys(jobs).join(', ')}.`);
  const reached = new Set<string>();
  const reach = (id: string): void => {
    if (reached.has(id) || !jobs[id]) return;
    reached.add(id);
    for (const before of [jobs[id]?.needs ?? []].flat()) reach(before);
  };
  reach(asked);
  return Object.fromEntries(Object.entries(jobs).filter(([id]) => reached.has(id)));
}
