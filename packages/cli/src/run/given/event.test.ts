import { expect, it } from 'vitest';
import { workflowFrom } from '../workflow.ts';
import { eventOf } from './event.ts';

const repository = { folder: '/', name: 'acme/shop', branch: 'next', commit: 'a'.repeat(40) };
const rest = 'jobs:\n  a:\n    runs-on: x\n    steps: [{ run: "true" }]\n';
const inputs = `workflow_dispatch:
    inputs:
      environment: { type: choice, options: [staging, production] }
      dry: { type: boolean }
      count: { type: number, default: 3 }
      tag: { required: true }
`;

async function event(on: string, asked?: string, given: Readonly<Record<string, string>> = {}) {
  return eventOf(await workflowFrom('.github/workflows/d.yml', `${on}\n${rest}`), asked, given, repository);
}

it.each([
  ['on: [workflow_dispatch, push]', undefined, 'push', 'refs/heads/next'],
  ['on: [workflow_dispatch, push]', 'workflow_dispatch', 'workflow_dispatch', 'refs/heads/next'],
  ['on: pull_request', undefined, 'pull_request', 'refs/pull/1/merge'],
])('takes of %s with %s the event %s', async (on, asked, name, ref) => {
  expect(await event(on, asked)).toMatchObject({ name, claims: { ref, event_name: name } });
});

it('fills inputs in as GitHub does', async () => {
  const { name, payload } = await event(`on:\n  push:\n  ${inputs}`, undefined, { tag: 'v1' });
  expect(name).toBe('workflow_dispatch');
  expect(payload.inputs).toEqual({ environment: 'staging', dry: 'false', count: '3', tag: 'v1' });
});

it.each([
  ['on: push', 'release', {}, /does not run on release. It runs on push/],
  ['on: { workflow_call: {} }', undefined, {}, /runs when another workflow calls it/],
  [`on:\n  ${inputs}`, undefined, {}, /needs the input "tag": --input tag=VALUE/],
  [
    `on:\n  ${inputs}`,
    undefined,
    { tag: 'a', other: 'b' },
    /no input "other". It has environment, dry, count, tag/,
  ],
  [`on:\n  ${inputs}`, undefined, { tag: 'a', environment: 'qa' }, /takes one of staging, production/],
  [`on:\n  ${inputs}`, undefined, { tag: 'a', dry: 'yes' }, /takes true or false/],
  ['on: push', undefined, { a: 'b' }, /does not run on workflow_dispatch/],
])('refuses %s with %s and %j', async (on, asked, given, message) => {
  await expect(event(on, asked, given)).rejects.toThrow(message);
});

it('names the line of a mistake in the words of GitHub', async () => {
  const wrong = workflowFrom(
    '.github/workflows/d.yml',
    'on: push\njobs:\n  a:\n    run-on: x\n    steps: []\n',
  );
  await expect(wrong).rejects.toThrow(/d\.yml does not parse:\n {2}line 4: .*run-on/);
});
