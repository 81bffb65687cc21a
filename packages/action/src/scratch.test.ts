import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cancelAt, step } from '../test/step.ts';
import { command } from './command/command.ts';

// takes minutes

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

describe('the post step', () => {
  let outside: string;
  let temp: string;
  beforeAll(async () => {
    outside = await mkdtemp(join(tmpdir(), 'gangway-outside-'));
    temp = join(outside, 'temp');
  });
  afterAll(() => rm(outside, { recursive: true, force: true }));

  /** Runs the post script with a state that somebody else wrote. */
  async function postWith(state: string) {
    await using made = await step(`${MAKE} await action.run(make);`, { temp });
    const forged = state.replaceAll('OWN', basename(made.outputs.path ?? ''));
    const index = new URL('./index.ts', import.meta.url).href;
    const script = `import { removeScratch, runPost } from '${index}'; await runPost(removeScratch);`;
    const { stdout } = await command(process.execPath, ['--input-type=module', '-e', script], {
      quiet: true,
      env: { RUNNER_TEMP: temp, STATE_gangway_scratch: forged },
    });
    return { own: made.outputs.path ?? '', said: stdout };
  }

  it.each([
    ['the root', '/'],
    ['a home', process.env.HOME ?? '/root'],
    ['a parent', '..'],
    ['a relative path', './keep'],
    ['RUNNER_TEMP', '.'],
    ['RUNNER_TEMP in full', 'TEMP'],
    ['a path out of it', `gangway-AAAAAA/../.. ${'0'.repeat(32)}`],
    ['a file system path with a mark', `/etc ${'0'.repeat(32)}`],
    ['a directory of another step', `gangway-others ${'0'.repeat(32)}`],
    ['a directory without a mark', `gangway-marked ${'0'.repeat(32)}`],
    ['a link', `gangway-linked ${'0'.repeat(32)}`],
    ['a file', `gangway-single ${'0'.repeat(32)}`],
    ['the own with another mark', `OWN ${'0'.repeat(32)}`],
    ['the own without a mark', 'OWN'],
    ['the own by its path', 'TEMP/OWN'],
    ['two lines', `OWN ${'0'.repeat(32)}\n/`],
    ['a line break', '\n'],
    ['a NUL that is written out', 'gangway-AAAAAA\\0'],
  ])('removes nothing where the state names %s', async (_, state) => {
    await mkdir(join(temp, 'keep'), { recursive: true });
    await mkdir(join(temp, 'gangway-others'), { recursive: true });
    await writeFile(join(temp, 'gangway-others', '.gangway'), '1'.repeat(32));
    await mkdir(join(temp, 'gangway-marked'), { recursive: true });
    // Its mark is right, and lies elsewhere.
    await writeFile(join(outside, 'mark'), '0'.repeat(32));
    await symlink(join(outside, 'mark'), join(temp, 'gangway-marked', '.gangway')).catch(() => {});
    await mkdir(join(outside, 'target'), { recursive: true });
    await writeFile(join(outside, 'target', '.gangway'), '0'.repeat(32));
    await symlink(join(outside, 'target'), join(temp, 'gangway-linked')).catch(() => {});
    await writeFile(join(temp, 'gangway-single'), '');
    const { own, said } = await postWith(state.replace('TEMP', temp));
    expect(said).toMatch(/^::warning::The post step leaves .* alone: /);
    for (const path of [
      own,
      join(temp, 'keep'),
      join(temp, 'gangway-others', '.gangway'),
      join(temp, 'gangway-marked', '.gangway'),
      join(temp, 'gangway-linked'),
      join(temp, 'gangway-single'),
      join(outside, 'target', '.gangway'),
    ])
      expect(existsSync(path), path).toBe(true);
  });

  it('follows no link in what it removes', async () => {
    await writeFile(join(outside, 'kept'), 'kept');
    await using result = await step(
      `${MAKE} await action.run(async () => {
        await make();
        const { symlinkSync, readdirSync } = await import('node:fs');
        const [own] = readdirSync(process.env.RUNNER_TEMP).filter((name) => name.startsWith('gangway-'));
        symlinkSync(${JSON.stringify(outside)}, process.env.RUNNER_TEMP + '/' + own + '/link');
      });`,
    );
    await result.post();
    expect(existsSync(result.outputs.path ?? '')).toBe(false);
    expect(await readFile(join(outside, 'kept'), 'utf8')).toBe('kept');
  });
});
