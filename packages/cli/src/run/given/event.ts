import { Misuse } from '../../misuse.ts';
import type { Repository } from '../repository.ts';
import type { Workflow, WorkflowInput } from '../workflow.ts';

/** What starts a run. */
export interface Event {
  readonly name: string;
  /** As GitHub sends it, as far as workflows read it. */
  readonly payload: Readonly<Record<string, unknown>>;
  /** What the jobs' ID tokens say of it. */
  readonly claims: Readonly<Record<string, string>>;
}

const USUAL = ['push', 'workflow_dispatch', 'pull_request', 'release', 'schedule'];

/**
 * The event that a workflow is run for, by default the first of push, workflow_dispatch and pull_request that starts it;
 * with inputs, workflow_dispatch.
 *
 * @throws Misuse for an event that does not start it, and for inputs that it does not take
 */
export function eventOf(
  workflow: Workflow,
  asked: string | undefined,
  inputs: Readonly<Record<string, string>>,
  repository: Repository,
): Event {
  const events = Object.keys(workflow.on);
  const given = Object.keys(inputs).length > 0;
  const preferred = given ? ['workflow_dispatch'] : USUAL;
  const name =
    asked ??
    preferred.find((one) => events.includes(one)) ??
    (given ? 'workflow_dispatch' : (events[0] ?? ''));
  if (events.length === 1 && events[0] === 'workflow_call')
    throw new Misuse(
      `${workflow.path} runs when another workflow calls it. Name the workflow that does: gangway run NAME`,
    );
  if (!events.includes(name))
    throw new Misuse(
      `${workflow.path} does not run on ${name}. It runs on ${events.join(', ')}: choose one with --event.`,
    );
  if (given && name !== 'workflow_dispatch')
    throw new Misuse(`--input goes with --event workflow_dispatch, and this is ${name}.`);
  const { name: full, branch, commit = '0'.repeat(40) } = repository;
  const [owner = '', short = ''] = full.split('/');
  const about = {
    name: short,
    full_name: full,
    owner: { login: owner, name: owner },
    default_branch: 'main',
    private: true,
    html_url: `https://github.com/${full}`,
  };
  const ref = name === 'pull_request' ? 'refs/pull/1/merge' : `refs/heads/${branch}`;
  const claims = {
    ref,
    sha: commit,
    event_name: name,
    workflow: workflow.name,
    workflow_ref: `${full}/${workflow.path}@${ref}`,
  };
  const sender = { login: 'octocat', type: 'User' };
  if (name === 'workflow_dispatch') {
    const values = readInputs(workflow, inputs);
    return { name, payload: { ref, inputs: values, repository: about, sender }, claims };
  }
  if (name === 'pull_request') {
    const head = { ref: branch, sha: commit, repo: about };
    const base = { ref: 'main', sha: commit, repo: about };
    const pull = {
      number: 1,
      title: branch,
      body: '',
      draft: false,
      merged: false,
      state: 'open',
      head,
      base,
    };
    return {
      name,
      payload: { action: 'opened', number: 1, pull_request: pull, repository: about, sender },
      claims: { ...claims, head_ref: branch, base_ref: 'main' },
    };
  }
  const head = { id: commit, message: 'As it is', timestamp: new Date().toISOString() };
  const payload = {
    ref,
    before: commit,
    after: commit,
    head_commit: head,
    commits: [head],
    repository: about,
    sender,
  };
  return { name, payload, claims };
}

function readInputs(
  { path, on }: Workflow,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const declared = on.workflow_dispatch?.inputs ?? {};
  for (const name of Object.keys(given))
    if (!Object.hasOwn(declared, name))
      throw new Misuse(
        `${path} has no input "${name}". It has ${Object.keys(declared).join(', ') || 'none'}.`,
      );
  return Object.fromEntries(
    Object.entries(declared).map(([name, input]) => [name, inputValue(name, input ?? {}, given[name])]),
  );
}

function inputValue(name: string, input: WorkflowInput, given: string | undefined): string {
  const { required, default: usual, type, options } = input;
  const value = given ?? (usual === undefined || usual === null ? undefined : String(usual));
  if (value === undefined) {
    if (required) throw new Misuse(`The workflow needs the input "${name}": --input ${name}=VALUE`);
    return type === 'boolean' ? 'false' : (options?.[0] ?? '');
  }
  if (options && !options.includes(value))
    throw new Misuse(`--input ${name}=${value}: it takes one of ${options.join(', ')}.`);
  if (type === 'boolean' && !/^(true|false)$/.test(value))
    throw new Misuse(`--input ${name}=${value}: it takes true or false.`);
  if (type === 'number' && Number.isNaN(Number(value)))
    throw new Misuse(`--input ${name}=${value}: it takes a number.`);
  return value;
}
