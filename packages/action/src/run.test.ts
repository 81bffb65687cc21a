import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { RUNNER_PATIENCE } from '@gangway/runner';
import { describe, expect, it } from 'vitest';
import { cancelAt, step } from '../test/step.ts';

it('succeeds, and leaves at once though a socket is open', async () => {
  await using result = await step(`
    import { createServer } from 'node:http';
    await action.run(async () => { createServer().listen(0, '127.0.0.1'); action.setOutputs({ done: true }); });`);
  expect(result).toMatchObject({ exitCode: 0, outputs: { done: 'true' }, annotations: [] });
});

it('shows an error with its hint, and its cause only to those who debug', async () => {
  await using result = await step(`
    await action.run(async () => {
      throw new action.ActionError('No X.', { code: 'x', hint: 'make one', cause: new Error('deep down') });
    });`);
  expect(result.exitCode).toBe(1);
  expect(result.annotations).toEqual([
    { level: 'error', message: 'No X.\nTo fix it: make one.', properties: {} },
  ]);
  expect(result.log).not.toContain('deep down');
  expect(result.written).toMatch(/::debug::Error: deep down/);
});

it('calls what it does not know a bug', async () => {
  await using result = await step(`await action.run(async () => { null.x; });`);
  expect(result.exitCode).toBe(1);
  expect(result.annotations[0]?.message).toMatch(
    /^Unexpected error: Cannot read.*\nThis is a bug in Gangway/,
  );
});

describe('an exception that no one waits for', () => {
  it.each([
    ['thrown in a callback', `setTimeout(() => { null.x; }, 50);`],
    ['a rejection', `Promise.resolve().then(() => null.x);`],
    [
      'an event without a listener',
      `setTimeout(() => process.emit('error', new TypeError('null.x: Cannot read')), 50);`,
    ],
  ])('is reported as any other, after the clean-up: %s', async (_, fault) => {
    await using result = await step(`
      import { setTimeout as sleep } from 'node:timers/promises';
      await action.run(async () => {
        ${fault}
        try { await action.command('sleep', ['60']); }
        finally { await action.command('echo', ['cleaned up'], { evenIfCancelled: true }); }
      });`);
    expect(result.exitCode).toBe(1);
    expect(result.annotations).toHaveLength(1);
    expect(result.annotations[0]?.message).toMatch(
      /^Unexpected error: .*Cannot read.*\nThis is a bug in Gangway/,
    );
    expect(result.log).toContain('cleaned up');
    // Neither a stack nor a line of the source.
    expect(result.log).not.toMatch(/^ +at |null\.x;/m);
    expect(result.milliseconds).toBeLessThan(30_000);
  });

  it('stops the step when its log is gone', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gangway-step-'));
    const script = join(folder, 'main.mjs');
    const index = new URL('./index.ts', import.meta.url).href;
    await writeFile(
      script,
      `import { command, run } from '${index}';
      await run(async () => { await command('sh', ['-c', 'while :; do echo on and on; sleep 0.05; done']); });`,
    );
    const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.once('data', () => child.stdout.destroy());
    const [said, code] = await Promise.all([
      child.stderr.reduce((text: string, chunk) => text + chunk, ''),
      new Promise((resolve) => child.on('exit', resolve)),
    ]);
    await rm(folder, { recursive: true });
    expect(said).toBe("The log of this step can't be written: the runner is gone\n");
    expect(code).toBe(1);
  });
});

it('names what the system refused, and what to do about it', async () => {
  await using result = await step(`
    import { mkdtemp } from 'node:fs/promises';
    await action.run(async () => { await mkdtemp(process.env.RUNNER_TEMP + '/nowhere/x-'); });`);
  expect(result.exitCode).toBe(1);
  expect(result.annotations[0]?.message).toMatch(
    /^Can't make a directory \S+\/nowhere\/x-\w{6} \(in RUNNER_TEMP\): it does not exist\.\nTo fix it: let RUNNER_TEMP name a directory/,
  );
});

it('cuts an error that has no end', async () => {
  await using result = await step(`
    await action.run(async () => {
      throw new action.ActionError('It said: ' + 'x'.repeat(10_000_000) + ' (the end)', { code: 'x' });
    });`);
  expect(result.annotations[0]?.message.length).toBeLessThan(20_000);
  expect(result.annotations[0]?.message).toMatch(
    /^It said: x+\n\[… 9,983,\d+ characters are left out …\]\nx+ \(the end\)$/,
  );
});

it('stops what heeds the signal, runs its clean-up and leaves with 130', async () => {
  const cancel = cancelAt('waiting');
  await using result = await step(
    `import { setTimeout as sleep } from 'node:timers/promises';
    await action.run(async () => {
      console.log('waiting');
      try { await sleep(60_000, undefined, { signal: action.cancellation }); }
      finally { console.log('cleaned up'); }
    });`,
    cancel,
  );
  expect(performance.now() - cancel.at()).toBeLessThan(RUNNER_PATIENCE);
  expect(result.exitCode).toBe(130);
  expect(result.log).toContain('cleaned up');
  expect(result.annotations.map(({ message }) => message)).toEqual([
    'The step was cancelled.\nTo fix it: what was done so far stays; a re-run picks up from there.',
  ]);
});

it('leaves behind what ignores the signal, before the runner ends it', async () => {
  const cancel = cancelAt('stuck');
  await using result = await step(
    `await action.run(async () => {
      console.log('stuck');
      await new Promise((resolve) => setTimeout(resolve, 60_000));
    });`,
    cancel,
  );
  expect(performance.now() - cancel.at()).toBeLessThan(RUNNER_PATIENCE);
  expect(result.exitCode).toBe(130);
  expect(result.annotations[0]?.message).toMatch(/^The step was cancelled\./);
});

it('loses no line when the reader of its log is slow', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gangway-step-'));
  const script = join(folder, 'main.mjs');
  const index = new URL('./index.ts', import.meta.url).href;
  await writeFile(
    script,
    `import { ActionError, log, run } from '${index}';
    await run(async () => {
      for (let line = 0; line < 4000; line++) log.info('x'.repeat(99));
      throw new ActionError('The last line.', { code: 'x' });
    });`,
  );
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await sleep(1000);
  const log = await child.stdout.reduce((text: string, chunk) => text + chunk, '');
  await rm(folder, { recursive: true });
  expect(log.split('\n')).toHaveLength(4002);
  expect(log).toContain('::error::The last line.');
});
