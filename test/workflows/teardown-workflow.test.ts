import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { errorsInCalls } from './calls.ts';

const root = new URL('../../', import.meta.url);

interface Workflow {
  readonly on: Readonly<Record<string, { readonly inputs: Readonly<Record<string, { default?: unknown }>> }>>;
  readonly jobs: {
    readonly teardown: { readonly steps: readonly { readonly with: Readonly<Record<string, string>> }[] };
  };
}

const { on, jobs } = read<Workflow>('.github/workflows/teardown.yml');
const [step] = jobs.teardown.steps;

it('passes on every input of the action, and uses every input of its own', () => {
  const { inputs } = read<{ inputs: object }>('actions/teardown/action.yml');
  expect(Object.keys(step?.with ?? {}).sort()).toEqual(Object.keys(inputs).sort());
  const text = readFileSync(new URL('.github/workflows/teardown.yml', root), 'utf8');
  for (const name of Object.keys(on.workflow_call?.inputs ?? {})) expect(text).toContain(`inputs.${name}`);
});

it('deletes nothing unless it is told to, called or started by hand', () => {
  for (const event of ['workflow_call', 'workflow_dispatch'])
    expect(on[event]?.inputs.dry_run?.default).toBe(true);
  // A person can start it with 25 inputs at most.
  expect(Object.keys(on.workflow_dispatch?.inputs ?? {}).length).toBeLessThanOrEqual(25);
});

it.each(['deploy', 'one-gateway-each'])(
  "of the example of several services, %s.yml is valid with what it calls by GitHub's own parser",
  async (name) => {
    const path = `examples/several-services/.github/workflows/${name}.yml`;
    expect(await errorsInCalls(readFileSync(new URL(path, root), 'utf8'))).toEqual([]);
  },
);

function read<T>(path: string): T {
  return parse(readFileSync(new URL(path, root), 'utf8')) as T;
}
