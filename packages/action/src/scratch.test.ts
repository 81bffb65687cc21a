import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { cancelAt, step } from './testing.ts';

const MAKE = `
  import { statSync, writeFileSync } from 'node:fs';
  const make = async () => {
    const path = await action.createScratch();
    writeFileSync(path + '/credential.json', '{}');
    action.setOutputs({ path, mode: (statSync(path).mode & 0o777).toString(8) });
  };`;

it('lies under RUNNER_TEMP, for this user alone, until the post step', async () => {
  await using result = await step(`${MAKE} await action.run(make);`);
  const { path = '', mode } = result.outputs;
  expect(dirname(path)).toBe(result.temp);
  expect(mode).toBe('700');
  expect(existsSync(`${path}/credential.json`)).toBe(true);
  expect((await result.post())?.exitCode).toBe(0);
  expect(existsSync(path)).toBe(false);
});

it('goes after a failure and after a cancel too', async () => {
  const cancel = cancelAt('made');
  const after = [
    ["throw new Error('no')", {}],
    ["console.log('made'); await new Promise((r) => setTimeout(r, 60_000))", cancel],
  ] as const;
  for (const [then, options] of after) {
    const script = `${MAKE} await action.run(async () => { await make(); ${then}; });`;
    await using result = await step(script, options);
    expect(result.exitCode).not.toBe(0);
    expect(existsSync(result.outputs.path ?? '')).toBe(true);
    await result.post();
    expect(existsSync(result.outputs.path ?? '')).toBe(false);
  }
});

it('is nothing to remove for a step that failed before it', async () => {
  await using result = await step("await action.run(async () => { throw new Error('no') });");
  expect(await result.post()).toMatchObject({ exitCode: 0, log: '' });
});
