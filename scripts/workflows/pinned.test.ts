import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { pinned, pinnedFile } from './pinned.ts';
import { REACH } from './reach.ts';

const origin = { repository: 'gangway-dev/gangway', reference: '0123456789'.repeat(4), version: 'v1.2.3' };
const folder = fileURLToPath(new URL('../../.github/workflows', import.meta.url));
const callable = readdirSync(folder)
  .map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const)
  .filter(([, text]) => text.includes('\n  workflow_call:\n'));

describe.each(callable)('%s for older runners', (name, text) => {
  const file = pinnedFile(name, text, origin);

  it('is the workflow itself but for the names of its actions and the queue', () => {
    expect(parse(file)).not.toEqual(parse(text));
    expect(withoutPins(parse(file))).toEqual(withoutQueues(parse(text)));
  });

  it('names every action by a commit, and has no key that GitHub Enterprise Server does not know', () => {
    const uses = [...file.matchAll(/^ *(?:- )?uses: (.*)$/gm)].map(([, value]) => value);
    expect(uses.length).toBeGreaterThan(0);
    for (const value of uses) expect(value).toMatch(/^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    expect(file).not.toMatch(/uses: \$|^ *queue:/m);
  });

  it('keeps every comment of what it keeps', () => {
    const comments = (of: string) => of.split('\n').filter((line) => /^\s*#/.test(line));
    const [own, ...rest] = [comments(file).slice(0, 3), ...comments(file).slice(3)];
    expect(own[0]).toContain(`${name} of gangway-dev/gangway v1.2.3`);
    expect(rest).toEqual(comments(text));
  });

  it("is valid by GitHub's own parser", async () => {
    const result = parseWorkflow({ name, content: file }, new NoOperationTraceWriter());
    if (result.value) await convertWorkflowTemplate(result.context, result.value);
    expect(result.context.errors.getErrors().map((error) => error.message)).toEqual([]);
  });
});

it('is made of every public workflow', () => {
  expect(callable.map(([name]) => name)).toEqual(expect.arrayContaining(Object.keys(REACH)));
});

it('names a reference without a version where it has none', () => {
  expect(pinned('      - uses: $/actions/one\n', { repository: 'me/fork', reference: 'main' })).toBe(
    '      - uses: me/fork/actions/one@main\n',
  );
});

function withoutPins(workflow: unknown): unknown {
  return changed(workflow, (key, value) =>
    key === 'uses'
      ? String(value).replace(`${origin.repository}/`, '$/').replace(`@${origin.reference}`, '')
      : value,
  );
}

function withoutQueues(workflow: unknown): unknown {
  return changed(workflow, (key, value) => (key === 'queue' ? undefined : value));
}

/** A copy with each value as `change` has it; undefined takes it away. */
function changed(value: unknown, change: (key: string, value: unknown) => unknown): unknown {
  return JSON.parse(JSON.stringify(value, change));
}
