import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { REACH } from '../../scripts/workflows/reach.ts';

interface Step {
  name?: string;
  uses?: string;
  with?: Record<string, string>;
}

interface Workflow {
  on: {
    workflow_call: {
      inputs: Record<string, { type: string; default?: unknown }>;
      secrets: Record<string, unknown>;
    };
  };
  jobs: Record<string, { steps?: Step[] }>;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/*
 * Read off the files as they are, not by what generates them: an input of an action is passed on by each of the steps that
 * use the action, or it has a reason.
 */
describe.each(Object.entries(REACH))('%s', (name, actions) => {
  const text = readFileSync(join(root, '.github/workflows', name), 'utf8');
  const { on, jobs } = parse(text) as Workflow;
  const { inputs, secrets } = on.workflow_call;
  // A step that only checks the document takes what that needs.
  const steps = Object.values(jobs)
    .flatMap((job) => job.steps ?? [])
    .filter((step) => step.with?.offline === undefined);
  const calls = (action: string) => steps.filter(({ uses }) => uses === `$/actions/${action}`);

  it('says of each action that it uses how its inputs are reached', () => {
    const used = steps.flatMap(({ uses = '' }) =>
      uses.startsWith('$/') ? [uses.slice('$/actions/'.length)] : [],
    );
    expect(Object.keys(actions).toSorted()).toEqual([...new Set(used)].toSorted());
  });

  describe.each(Object.entries(actions))('with %s', (action, { leftOut = {}, own = [] }) => {
    const declared = Object.keys(
      (parse(readFileSync(join(root, 'actions', action, 'action.yml'), 'utf8')) as { inputs: object }).inputs,
    );
    // A migration is a job of its own beside the service: it takes what both have in common. What takes a preview away does, too.
    const [last] = calls(action).toSorted((a, b) => sizeOf(b) - sizeOf(a));

    it('passes every input on, or says why not', () => {
      const set = own.filter((input) => calls(action).some((step) => step.with?.[input] !== undefined));
      const passed = new Set([
        ...Object.keys(last?.with ?? {}),
        ...set.filter((input) => !(input in leftOut)),
      ]);
      expect([...passed, ...Object.keys(leftOut)].toSorted()).toEqual(declared.toSorted());
      for (const reason of Object.values(leftOut)) expect(reason).toMatch(/\w+ \w+/);
    });

    it('passes on what a caller gives: an input, a secret, or what steps made of them', () => {
      for (const { with: given = {} } of calls(action))
        for (const [input, value] of Object.entries(given))
          if (String(value).includes('${{'))
            expect(value, input).toMatch(/\b(inputs|secrets|steps|github)\.\w+/);
    });
  });

  it('uses every input and secret that it declares, and declares all that it uses', () => {
    const below = text.slice(text.indexOf('\njobs:'));
    const used = (context: string) =>
      [
        ...new Set([...below.matchAll(new RegExp(`\\b${context}\\.(\\w+)`, 'g'))].map(([, input]) => input)),
      ].toSorted();
    expect(used('inputs')).toEqual(Object.keys(inputs).toSorted());
    expect(used('secrets')).toEqual(Object.keys(secrets).toSorted());
  });

  it('reads a variable in place of an input where the input is empty by default, under its name', () => {
    for (const [, input = '', variable = ''] of text.matchAll(/inputs\.(\w+) \|\| vars\.(\w+)/g)) {
      expect(variable).toBe(`GANGWAY_${input.toUpperCase()}`);
      expect(inputs[input]?.default, input).toBe('');
    }
  });

  it('grows in sight', () => {
    // A dispatch takes 25 inputs. For a call neither GitHub's page of limits nor its own parser names a number.
    expect(Object.keys(inputs).length).toBeLessThan(200);
  });
});

describe('the public workflows', () => {
  it('are all those that can be called', () => {
    const callable = readdirSync(join(root, '.github/workflows')).filter((name) =>
      readFileSync(join(root, '.github/workflows', name), 'utf8').includes('\n  workflow_call:\n'),
    );
    expect(callable).toEqual(expect.arrayContaining(Object.keys(REACH)));
  });

  it('give a service of deploy-api.yml all that one of deploy-cloud-run.yml gets', () => {
    const [run, api] = ['deploy-cloud-run.yml', 'deploy-api.yml'].map((name) =>
      Object.keys(
        (parse(readFileSync(join(root, '.github/workflows', name), 'utf8')) as Workflow).on.workflow_call
          .inputs,
      ),
    );
    const forJobs = Object.keys(REACH['deploy-api.yml']?.['deploy-cloud-run']?.leftOut ?? {});
    expect(api).toEqual(expect.arrayContaining((run ?? []).filter((input) => !forJobs.includes(input))));
  });
});

function sizeOf(step: Step): number {
  return Object.keys(step.with ?? {}).length;
}
