import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { data, Evaluator, Lexer, Parser } from '@actions/expressions';
import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
import { parse } from 'yaml';
import { readState, writeState } from './github-state.ts';

const compiled = fileURLToPath(new URL('../../node_modules/.cache/compiled', import.meta.url));

/** A push of a tag, and where the run of the workflow finds and puts what it works with. */
export interface Push {
  readonly repository: string;
  readonly remote: string;
  readonly tag: string;
  readonly commit: string;
  /** The file of what GitHub knows. */
  readonly state: string;
  /** A folder of the run's own. */
  readonly folder: string;
  /** Folder of the programs that come first on PATH. */
  readonly programs: string;
  readonly vars: Readonly<Record<string, string>>;
  /** Secrets and variables of an environment reach only jobs that are in it. */
  readonly secrets: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface StepOutcome {
  readonly job: string;
  readonly step: string;
  readonly ok: boolean;
  readonly log: string;
}

interface Step {
  id?: string;
  name?: string;
  uses?: string;
  run?: string;
  if?: string;
  env?: Record<string, string>;
  with?: Record<string, unknown>;
}

interface Job {
  permissions?: Record<string, string>;
  environment?: string;
  needs?: string;
  steps: Step[];
}

interface JobRun {
  readonly push: Push;
  readonly job: Job;
  readonly workspace: string;
  readonly temp: string;
  readonly contexts: { readonly steps: Record<string, { outputs: Record<string, string> }> };
}

type Outcome = Omit<StepOutcome, 'job' | 'step'> & { readonly outputs?: Record<string, string> };

/**
 * Runs .github/workflows/release.yml of the pushed commit as GitHub would, step by step: its scripts for real, the
 * actions that it uses as far as a release depends on them. What is not known here is an error.
 */
export async function* runWorkflow(push: Push): AsyncGenerator<StepOutcome> {
  const path = '.github/workflows/release.yml';
  const show = ['--git-dir', push.remote, 'show', `${push.commit}:${path}`];
  const text = execFileSync('git', show, { encoding: 'utf8' });
  await holdValid(path, text);
  const { on, jobs } = parse(text) as { on: { push: { tags: string[] } }; jobs: Record<string, Job> };
  if (!on.push.tags.some((pattern) => matches(pattern, push.tag))) return;

  for (const [name, job] of Object.entries(jobs)) {
    const run = startJob(push, name, job);
    for (const step of job.steps) {
      const outcome = await runStep(run, step).catch((error: Error) => ({ ok: false, log: error.message }));
      yield { job: name, step: step.name ?? '', ok: outcome.ok, log: outcome.log };
      if (!outcome.ok) return;
      if (step.id) run.contexts.steps[step.id] = { outputs: (outcome as Outcome).outputs ?? {} };
    }
  }
}

/** By GitHub's own parser. */
async function holdValid(path: string, content: string): Promise<void> {
  const { context, value } = parseWorkflow({ name: path, content }, new NoOperationTraceWriter());
  if (value) await convertWorkflowTemplate(context, value);
  const errors = context.errors.getErrors().map(({ message }) => message);
  if (errors.length > 0) throw new Error(errors.join('\n'));
}

/** Filters of tags, as far as this repository uses them. */
function matches(pattern: string, tag: string): boolean {
  return new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '[^/]*')}$`).test(tag);
}

function startJob(push: Push, name: string, job: Job): JobRun {
  const folder = join(push.folder, name);
  const [workspace, temp] = [join(folder, 'workspace'), join(folder, 'temp')];
  mkdirSync(workspace, { recursive: true });
  mkdirSync(temp, { recursive: true });
  const grants = Object.entries(job.permissions ?? {}).map(([scope, right]) => `${scope}=${right}`);
  const own = job.environment ? push.secrets[job.environment] : undefined;
  const contexts = {
    github: { token: grants.join(','), ref_name: push.tag, sha: push.commit, repository: push.repository },
    steps: {},
    vars: job.environment ? push.vars : {},
    secrets: own ?? {},
  };
  return { push, job, workspace, temp, contexts };
}

async function runStep(run: JobRun, step: Step): Promise<Outcome> {
  if (step.if !== undefined) throw new Error(`"if: ${step.if}" is not known here`);
  const env = resolve(step.env ?? {}, run.contexts);
  if (step.run !== undefined) return runScript(run, step.run, env);
  const inputs = resolve(step.with ?? {}, run.contexts);
  const [action = ''] = (step.uses ?? '').split('@');
  const known = actions[action];
  if (!known) throw new Error(`${step.uses} is not known here`);
  return known(run, inputs);
}

const actions: Readonly<Record<string, (run: JobRun, inputs: Record<string, string>) => Outcome>> = {
  'actions/checkout': ({ push, job, workspace }, inputs) => {
    if (job.permissions?.contents === undefined) throw new Error('checkout: contents may not be read');
    if (inputs['persist-credentials'] !== 'false') throw new Error('checkout: credentials would be kept');
    const depth = inputs['fetch-depth'] === '0' ? [] : ['--depth=1'];
    execFileSync(
      'git',
      ['clone', '--quiet', ...depth, `--branch=${push.tag}`, `file://${push.remote}`, workspace],
      {
        stdio: ['ignore', 'ignore', 'ignore'],
      },
    );
    return { ok: true, log: '' };
  },
  'actions/setup-node': (_, inputs) => {
    if (inputs['package-manager-cache'] !== 'false') throw new Error('setup-node: would use a cache');
    return { ok: true, log: '' };
  },
  'actions/attest': ({ push, job, temp }, inputs) => {
    for (const scope of ['id-token', 'attestations'])
      if (job.permissions?.[scope] !== 'write') throw new Error(`missing "${scope}" permission`);
    const [given, path = ''] = Object.entries(inputs)[0] ?? [];
    if (given !== 'subject-checksums' || !existsSync(path)) throw new Error('attest: no subjects');
    const subjects = Object.fromEntries(
      readFileSync(path, 'utf8')
        .split(/\r?\n/)
        .filter(Boolean)
        .map((line) => [line.slice(66), line.slice(0, 64)]),
    );
    const state = readState(push.state);
    const workflow = `${push.repository}/.github/workflows/release.yml`;
    state.attestations.push({ subjects, workflow, ref: `refs/tags/${push.tag}`, commit: push.commit });
    writeState(push.state, state);
    const bundle = join(temp, 'attestation.json');
    writeFileSync(bundle, JSON.stringify({ subjects, run: push.folder }));
    return { ok: true, log: '', outputs: { 'bundle-path': bundle } };
  },
  'actions/create-github-app-token': (_, inputs) => {
    if (!inputs['client-id'] || !inputs['private-key']) throw new Error('The app has no credentials here');
    const rights = ['contents', 'workflows'].map((scope) => `${scope}=${inputs[`permission-${scope}`]}`);
    return { ok: true, log: '', outputs: { token: ['app', ...rights].join(',') } };
  },
};

/** As the runner does: `bash -e`, with the variables of the step and the runner's own. */
function runScript(
  { push, workspace, temp }: JobRun,
  script: string,
  env: Record<string, string>,
): Promise<Outcome> {
  const output = join(temp, `output-${process.hrtime.bigint()}`);
  writeFileSync(output, '');
  const child = spawn('bash', ['-e', '-c', script], {
    cwd: workspace,
    env: {
      PATH: `${push.programs}:${dirname(process.execPath)}:${process.env.PATH}`,
      HOME: push.folder,
      CI: 'true',
      GIT_CONFIG_NOSYSTEM: '1',
      // A release starts node some thirty times.
      NODE_COMPILE_CACHE: compiled,
      GITHUB_ACTIONS: 'true',
      GITHUB_OUTPUT: output,
      GITHUB_REF: `refs/tags/${push.tag}`,
      GITHUB_REF_NAME: push.tag,
      GITHUB_REF_TYPE: 'tag',
      GITHUB_REPOSITORY: push.repository,
      GITHUB_SHA: push.commit,
      GH_STATE: push.state,
      RUNNER_TEMP: temp,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (log += chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      const pairs = readFileSync(output, 'utf8').split('\n').filter(Boolean);
      const outputs = Object.fromEntries(pairs.map((pair) => pair.split(/=(.*)/s) as [string, string]));
      resolve({ ok: code === 0, log, outputs });
    });
  });
}

function resolve(values: Readonly<Record<string, unknown>>, contexts: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      String(value).replaceAll(/\$\{\{(.+?)\}\}/g, (_, expression: string) => evaluate(expression, contexts)),
    ]),
  );
}

/** By GitHub's own evaluator. */
function evaluate(expression: string, contexts: object): string {
  const { tokens } = new Lexer(expression.trim()).lex();
  const tree = new Parser(tokens, Object.keys(contexts), []).parse();
  const values = JSON.parse(JSON.stringify(contexts), data.reviver) as data.Dictionary;
  return new Evaluator(tree, values).evaluate().coerceString();
}
