import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
import { parseAction } from '@actions/workflow-parser/actions/action-parser';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { published } from '../../scripts/act/workspace.ts';
import { REACH } from '../../scripts/workflows/reach.ts';

interface Step {
  id?: string;
  uses?: string;
  run?: string;
  with?: Record<string, string>;
}

interface Job {
  environment?: string;
  'timeout-minutes'?: number | string;
  permissions?: Record<string, string>;
  needs?: string | string[];
  uses?: string;
  with?: Record<string, string>;
  steps?: Step[];
}

interface Workflow {
  on: { workflow_call?: { inputs: Record<string, { description?: string; required?: boolean }> } };
  permissions?: Record<string, string>;
  jobs: Record<string, Job>;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const workflows = [
  ...filesIn('.github/workflows'),
  ...readdirSync(join(root, 'examples')).flatMap((example) =>
    filesIn(join('examples', example, '.github/workflows')),
  ),
];
const actions = readdirSync(join(root, 'actions')).map((name) => join('actions', name, 'action.yml'));

describe.each(workflows)('%s', (path) => {
  const text = read(path);
  const workflow = parse(text) as Workflow;
  const steps = Object.values(workflow.jobs).flatMap((job) => job.steps ?? []);

  it("is valid by GitHub's own parser", async () => {
    const result = parseWorkflow({ name: path, content: text }, new NoOperationTraceWriter());
    if (result.value) await convertWorkflowTemplate(result.context, result.value);
    expect(result.context.errors.getErrors().map((error) => error.message)).toEqual([]);
  });

  it('grants nothing to all jobs, and says why it grants something to one', () => {
    expect(workflow.permissions).toEqual({});
    for (const job of Object.values(workflow.jobs)) expect(job.permissions).toBeDefined();
    const grants = text.split('\n').filter((line) => /^ {4,}[a-z-]+: (read|write)\b/.test(line));
    expect(grants.filter((line) => !line.includes(' # '))).toEqual([]);
  });

  it('puts no value of others into a script', () => {
    expect(steps.filter((step) => step.run?.includes('${{')).map((step) => step.run)).toEqual([]);
  });

  it('limits the time of every job', () => {
    for (const [name, job] of Object.entries(workflow.jobs))
      if (!job.uses) expect(job['timeout-minutes'], name).toBeDefined();
  });

  it('leaves no token in a checkout', () => {
    const checkouts = steps.filter((step) => step.uses?.startsWith('actions/checkout@'));
    for (const step of checkouts) expect(step.with?.['persist-credentials']).toBe(false);
  });

  it('gives our actions only inputs they have, and all that they require', () => {
    for (const step of steps) {
      const action = ownAction(step);
      if (!action) continue;
      const { inputs } = action;
      const required = Object.keys(inputs).filter((name) => inputs[name]?.required);
      expect(Object.keys(inputs)).toEqual(expect.arrayContaining(Object.keys(step.with ?? {})));
      expect(Object.keys(step.with ?? {})).toEqual(expect.arrayContaining(required));
    }
  });

  it('reads only outputs that our actions have', () => {
    // Of steps that are not ours, the release's dry run shows it.
    const declared = new Map<string, string[] | undefined>();
    for (const step of steps) {
      const action = ownAction(step);
      if (step.id) declared.set(step.id, action && Object.keys(action.outputs ?? {}));
    }
    for (const [, id = '', output] of text.matchAll(/steps\.(\w+)\.outputs\.([\w-]+)/g)) {
      expect([...declared.keys()]).toContain(id);
      if (declared.get(id)) expect(declared.get(id)).toContain(output);
    }
  });
});

describe.each(Object.keys(REACH))('a call of the public reusable workflow %s', (name) => {
  const { on } = parse(read(`.github/workflows/${name}`)) as Workflow;
  const inputs = on.workflow_call?.inputs ?? {};

  it('is of a workflow whose every input is described', () => {
    expect(Object.keys(inputs)).not.toEqual([]);
    expect(Object.keys(inputs).filter((input) => !inputs[input]?.description)).toEqual([]);
  });

  it.each(workflows.filter((path) => path.startsWith('examples/')))(
    'in %s gives inputs it has, and all that it requires',
    (path) => {
      const calls = Object.values((parse(read(path)) as Workflow).jobs).filter((job) =>
        job.uses?.includes(`/${name}@`),
      );
      for (const call of calls) {
        const given = Object.keys(call.with ?? {});
        expect(Object.keys(inputs)).toEqual(expect.arrayContaining(given));
        expect(given).toEqual(
          expect.arrayContaining(Object.keys(inputs).filter((input) => inputs[input]?.required)),
        );
      }
    },
  );
});

it('deploy-api.yml checks the document straight after the build, before anything is deployed', () => {
  const { jobs } = parse(read('.github/workflows/deploy-api.yml')) as Workflow;
  const [steps = []] = Object.values(jobs).flatMap(({ steps }) =>
    steps?.some(({ id }) => id === 'document') ? [steps] : [],
  );
  const first = steps.findIndex(({ uses }) => uses?.endsWith('/actions/build-and-push'));
  expect(steps[first + 1]?.id).toBe('document');
  expect(steps[first + 1]?.with).toMatchObject({ dry_run: true });
  expect(steps.slice(0, first).filter(({ uses }) => uses?.includes('/actions/deploy-'))).toEqual([]);
});

it('ci-ok waits for every other job of CI', () => {
  const { 'ci-ok': last, ...others } = (parse(read('.github/workflows/ci.yml')) as Workflow).jobs;
  expect(last?.needs).toEqual(Object.keys(others));
});

it('gives the tests the time that they take where nothing is installed', () => {
  const { jobs } = parse(read('.github/workflows/ci.yml')) as Workflow;
  expect(jobs.test?.['timeout-minutes']).toBeGreaterThan(20);
  expect(jobs['test-full']?.['timeout-minutes']).toBeGreaterThan(60);
});

describe('the release', () => {
  const { jobs } = parse(read('.github/workflows/release.yml')) as Workflow;

  it('writes in the protected environment alone', () => {
    const writing = Object.values(jobs).filter(({ permissions = {} }) =>
      Object.values(permissions).includes('write'),
    );
    expect(writing.map(({ environment }) => environment)).toEqual(['release']);
  });

  it('runs nothing that npm installed where it may write, and takes nothing from a cache', () => {
    const scripts = (jobs.publish?.steps ?? []).map(({ run }) => run).filter((run) => run !== undefined);
    expect(scripts.length).toBeGreaterThan(0);
    for (const script of scripts) expect(script).toMatch(/^node scripts\/release\/main\.ts [a-z-]+$/);
    for (const [file, modules] of importsFrom('scripts/release/main.ts'))
      for (const module of modules) expect(module, file).toMatch(/^(node:|\.\.?\/)/);
    for (const { with: inputs = {}, uses } of Object.values(jobs).flatMap(({ steps = [] }) => steps)) {
      expect(uses ?? '').not.toMatch(/cache/);
      expect(inputs).not.toHaveProperty('cache');
      if (uses?.startsWith('actions/setup-node@')) expect(inputs['package-manager-cache']).toBe(false);
    }
  });
});

interface ActionFile {
  name: string;
  description: string;
  inputs: Record<string, { description?: string; required?: boolean; default?: unknown }>;
  outputs?: Record<string, { description?: string }>;
  runs: { using: string; main: string; post?: string };
}

describe.each(actions)('%s', (path) => {
  const text = read(path);
  const action = parse(text) as ActionFile;

  it("is valid by GitHub's own parser", () => {
    const result = parseAction({ name: path, content: text }, new NoOperationTraceWriter());
    expect(result.context.errors.getErrors().map((error) => error.message)).toEqual([]);
  });

  it('runs a bundle that is there, on Node 24', () => {
    expect(action.runs.using).toBe('node24');
    for (const script of [action.runs.main, action.runs.post].filter((script) => script !== undefined)) {
      const bundle = relative(root, join(root, dirname(path), script));
      expect(bundle).toMatch(new RegExp(`^dist/${basename(dirname(path))}/\\w+\\.js$`));
      expect(read(bundle)).not.toContain('eval("require")');
    }
  });

  it('describes every input and output, and says of every input whether it may be left out', () => {
    for (const input of Object.values(action.inputs)) {
      expect(input.description).toBeTruthy();
      expect(input.description).not.toBe(action.description);
      expect(input.required === true || input.default !== undefined).toBe(true);
    }
    for (const output of Object.values(action.outputs ?? {})) expect(output.description).toBeTruthy();
  });
});

/** The action of this repository that a step uses, as a workflow of its own or of another repository names it. */
function ownAction({ uses = '' }: Step): ActionFile | undefined {
  const path = uses.replace(`${published}/`, '$/').replace(/@[^@]*$/, '');
  return path.startsWith('$/actions/')
    ? (parse(read(`${path.slice(2)}/action.yml`)) as ActionFile)
    : undefined;
}

/** What a script imports, and what that imports in turn, by file. */
function importsFrom(file: string, found = new Map<string, string[]>()): Map<string, string[]> {
  if (found.has(file)) return found;
  const modules = [...read(file).matchAll(/ from '([^']+)'/g)].map(([, module = '']) => module);
  found.set(file, modules);
  for (const module of modules) if (module.startsWith('.')) importsFrom(join(dirname(file), module), found);
  return found;
}

function filesIn(directory: string): string[] {
  return readdirSync(join(root, directory))
    .filter((name) => name.endsWith('.yml'))
    .map((name) => join(directory, name));
}

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}
