import { readFile, rename, writeFile } from 'node:fs/promises';
import { delimiter } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LEFT } from '@gangway/engine';
import { type NeedName, need } from './needs.ts';
import type { Outcome } from './preparation.ts';
import type { Selected } from './selection.ts';

/** What each test file finds in its environment, by the file's path. */
export type Plan = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Variables that a test has from the tools that it has declared alone, whatever the shell has. */
const MANAGED = [
  'DOCKER_HOST',
  'GANGWAY_BASE_IMAGE',
  'GANGWAY_CURRENT_BASE_IMAGE',
  'GANGWAY_CURRENT_ENGINE',
  'GANGWAY_FLYTEKIT',
  'GANGWAY_FLYTE_BASE_IMAGE',
  LEFT,
];

/**
 * Each file gets what was prepared of the tools that it has declared, and nothing of others, nor of those that this run leaves.
 * A file of which a tool is still on its way is not in the plan yet.
 */
export function planOf(
  run: readonly Selected[],
  settled: ReadonlyMap<NeedName, Outcome>,
  path = process.env.PATH ?? '',
): Plan {
  const ready = run.filter(({ needs }) => [...needs].every((name) => settled.has(name)));
  const entries = ready.map(({ file, needs, without }) => {
    const tools = [...needs].flatMap((name) => settled.get(name)?.environment ?? []);
    const first = new Set(tools.flatMap((tool) => tool.path));
    const rest = path.split(delimiter).filter((entry) => !first.has(entry));
    const variables = Object.assign({}, ...tools.map((tool) => tool.variables));
    const left = [...without].flatMap((name) => need(name).programs ?? []);
    if (left.length > 0) variables[LEFT] = left.join(' ');
    return [file, { ...variables, PATH: [...first, ...rest].join(delimiter) }] as const;
  });
  return Object.fromEntries(entries);
}

/** Under another name first: no worker may read half of it. */
export async function writePlan(path: string, plan: Plan): Promise<void> {
  await writeFile(`${path}.new`, JSON.stringify(plan));
  await rename(`${path}.new`, path);
}

/** Waits until a test file is in the plan: until the tools that it has declared are there, or can't be had. */
export async function untilPlanned(path: string, file: string): Promise<Plan> {
  for (;;) {
    const plan: Plan = JSON.parse(await readFile(path, 'utf8'));
    if (Object.hasOwn(plan, file)) return plan;
    await sleep(100);
  }
}

/** Makes an environment that of a test file, whatever file it was that of before. */
export function applyPlan(plan: Plan, file: string, environment: NodeJS.ProcessEnv): void {
  for (const name of MANAGED) delete environment[name];
  Object.assign(environment, plan[file]);
}
