import { describe, expect, it } from 'vitest';
import { step } from '../../test/step.ts';

/** A step that works, says so, and hands on its outputs. */
const WORK = `
  await action.run(async () => {
    action.log.info('working');
    action.mask('hunter2');
    action.setOutputs({ url: 'https://app.example', keys: ['a', 'b'], changed: true, token: 'hunter2' });
  });`;

/** Spoils a file of the runner's before the step begins, or while it works. */
const before = (spoil: string) => `import * as fs from 'node:fs';\n{ ${spoil} }\n${WORK}`;
const during = (spoil: string) =>
  `import * as fs from 'node:fs';\n${WORK.replace("action.log.info('working');", `action.log.info('working'); { ${spoil} }`)}`;

describe('setOutputs', () => {
  it('hands on texts, lists and booleans', async () => {
    await using result = await step(WORK);
    expect(result.exitCode).toBe(0);
    expect(result.outputs).toEqual({
      url: 'https://app.example',
      keys: 'a\nb',
      changed: 'true',
      token: 'hunter2',
    });
  });

  it('keeps a value whole that looks like the syntax of the file', async () => {
    await using result = await step(
      `await action.run(async () => action.setOutputs({ a: 'x\\nb=1\\nc<<EOF\\nEOF', d: '' }));`,
    );
    expect(result.outputs).toEqual({ a: 'x\nb=1\nc<<EOF\nEOF', d: '' });
  });

  it.each([
    ['is not there', `process.env.GITHUB_OUTPUT += '-gone'`, /there is no such file/],
    ['is a directory', `process.env.GITHUB_OUTPUT = process.env.RUNNER_TEMP`, /it is not a regular file/],
    ['is a device', `process.env.GITHUB_OUTPUT = '/dev/full'`, /it is not a regular file/],
    [
      'is not set',
      `delete process.env.GITHUB_OUTPUT`,
      /is not set, so the outputs of this step would be lost/,
    ],
    [
      'for the state is not there',
      `process.env.GITHUB_STATE += '-gone'`,
      /GITHUB_STATE names .*there is no such file/,
    ],
  ])('fails before any work where the file %s', async (_, spoil, message) => {
    await using result = await step(before(spoil));
    expect(result.exitCode).toBe(1);
    expect(result.annotations).toHaveLength(1);
    expect(result.annotations[0]?.message).toMatch(message);
    expect(result.annotations[0]?.message).toMatch(/To fix it: .*nothing was done so far/);
    expect(result.log).not.toContain('working');
  });

  it('says what was done, and quotes no secret, where the file is gone after the work', async () => {
    await using result = await step(during(`process.env.GITHUB_OUTPUT += '/gone'`));
    expect(result.exitCode).toBe(1);
    const [{ message = '' } = {}] = result.annotations;
    expect(message).toMatch(/^The step did its work, but its outputs can't be written to GITHUB_OUTPUT\. /);
    expect(message).toContain(
      'They are:\n  url: https://app.example\n  keys: a, b\n  changed: true\n  token: ***\n',
    );
    expect(message).toMatch(/running the job again is safe/);
    expect(result.written).not.toContain('hunter2');
  });

  it('says them in the log where there is no runner', async () => {
    await using result = await step(
      before(`delete process.env.GITHUB_OUTPUT; delete process.env.GITHUB_ACTIONS`),
    );
    expect(result.exitCode).toBe(0);
    expect(result.log).toBe(
      'working\nOutputs:\n  url: https://app.example\n  keys: a, b\n  changed: true\n  token: ***',
    );
    expect(result.written).not.toContain('::set-output');
  });
});

describe('writeSummary', () => {
  const summarise = (spoil: string) => `
    await action.run(async () => {
      ${spoil};
      action.setOutputs({ done: true });
      await action.writeSummary({ title: 'T', lead: 'L.', facts: [], parts: [] });
    });`;

  it.each([
    ['is not there', `process.env.GITHUB_STEP_SUMMARY += '-gone'`],
    ['is a directory', `process.env.GITHUB_STEP_SUMMARY = process.env.RUNNER_TEMP`],
    ['is full', `process.env.GITHUB_STEP_SUMMARY = '/dev/full'`],
  ])('warns, and fails nothing, where the file %s', async (_, spoil) => {
    await using result = await step(summarise(spoil));
    expect(result.exitCode).toBe(0);
    expect(result.outputs).toEqual({ done: 'true' });
    expect(result.annotations).toHaveLength(1);
    expect(result.annotations[0]).toMatchObject({
      level: 'warning',
      message: expect.stringMatching(
        /^The summary of this step can't be written to \S+ \(GITHUB_STEP_SUMMARY\)\. /,
      ),
    });
  });
});
