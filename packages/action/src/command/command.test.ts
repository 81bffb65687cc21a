import { spawn } from 'node:child_process';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { RUNNER_PATIENCE } from '@gangway/runner';
import { describe, expect, it } from 'vitest';
import { cancelAt, step } from '../../test/step.ts';
import { command, lastLines } from './command.ts';

const node = (script: string, options: Parameters<typeof command>[2] = {}) =>
  command(process.execPath, ['-e', script], { quiet: true, ...options });

describe('command', () => {
  it('returns what a program printed and its exit code', async () => {
    const script = "console.log('out'); console.error('err'); process.exitCode = 3";
    expect(await node(script, { allowFailure: true })).toEqual({
      exitCode: 3,
      stdout: 'out\n',
      stderr: 'err\n',
    });
  });

  it('keeps characters whole that come in two chunks', async () => {
    const script =
      "const b = Buffer.from('ü'); process.stdout.write(b.subarray(0, 1)); setTimeout(() => process.stdout.write(b.subarray(1)), 100)";
    expect((await node(script)).stdout).toBe('ü');
  });

  it('lets a program give the runner no orders, however its lines come', async () => {
    const prints = `for (const text of ['fine\\n::err', 'or::no\\n  ::add-mask::fine\\n##[group]x\\n', '::set-output name=a::b'])
      process.stdout.write(text)`;
    await using result = await step(
      `await action.run(async () => {
        await action.command(process.execPath, ['-e', ${JSON.stringify(prints)}]);
        action.log.info('it wrote\\n::warning::no');
      });`,
    );
    expect(result.annotations).toEqual([]);
    expect(result.masks).toEqual([]);
    expect(result.log).toContain(
      'fine\n| ::error::no\n  | ::add-mask::fine\n##\\[group]x\n| ::set-output name=a::b\n::***::\nit wrote\n| ::warning::no',
    );
  });

  it('shows its arguments on one line, whatever they hold', async () => {
    await using result = await step(
      `await action.run(async () => { await action.command('true', ['a=b', 'c d', '', 'e\\n::error::f', '\\r##[group]\\u2028']); });`,
    );
    expect(result.log.split('\n')).toEqual([
      '::stop-commands::***',
      String.raw`[command]true a=b "c d" "" "e\n::error::f" "\r##\[group]\u{2028}"`,
      '::***::',
    ]);
  });

  it('passes arguments as they are: there is no shell', async () => {
    const said = await command(process.execPath, ['-p', 'process.argv[1]', '$HOME; `x` "y"'], {
      quiet: true,
    });
    expect(said.stdout).toBe('$HOME; `x` "y"\n');
  });

  it('gives the program its input, its directory, and variables beside those there are', async () => {
    const script =
      "process.stdin.pipe(process.stdout); process.stdin.on('end', () => console.log(process.cwd(), process.env.A, process.env.PATH !== undefined))";
    const cwd = await realpath(tmpdir());
    expect((await node(script, { input: 'in ', cwd, env: { A: 'a' } })).stdout).toBe(`in ${cwd} a true\n`);
  });

  it('gives the program nothing by which it could act as the step', async () => {
    const own = { ACTIONS_RUNTIME_TOKEN: 'a', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'b', GITHUB_SHA: 'c' };
    await using result = await step(
      `await action.run(async () => {
        await action.createScratch();
        await action.command(process.execPath, ['-p', 'Object.keys(process.env).sort().join()']);
        await action.command(process.execPath, ['-p', 'Object.keys(process.env).sort().join()'],
          { env: { A: '1' }, inherits: (name) => name === 'PATH' });
      });`,
      { env: own, inputs: { word: 'secret' } },
    );
    const [all = '', few] = result.log.split('\n').filter((line) => /^[A-Z_,]*PATH/.test(line));
    expect(all).toContain('GITHUB_SHA');
    expect(all).not.toMatch(/INPUT_|STATE_|ACTIONS_|GITHUB_(ENV|PATH|OUTPUT|STATE|STEP_SUMMARY)\b/);
    expect(few?.split(',')).toEqual(['A', 'GANGWAY_STEP', 'PATH']);
  });

  it('outlives a program that does not read its input', async () => {
    expect((await node('process.exit(0)', { input: 'x'.repeat(1 << 20) })).exitCode).toBe(0);
  });

  it('fails with the last lines of both outputs', async () => {
    const script =
      "for (let i = 0; i < 20; i++) console.log('line ' + i); console.error('the reason'); process.exit(4)";
    await expect(node(script)).rejects.toMatchObject({
      code: 'command-failed',
      message: expect.stringMatching(/-e failed with exit code 4:\nline 9\n(line \d+\n){10}the reason$/),
    });
  });

  it('says which program is not there', async () => {
    await expect(command('gangway-no-such', [], { quiet: true })).rejects.toMatchObject({
      code: 'command-missing',
      hint: expect.stringContaining('install gangway-no-such'),
    });
  });

  it('shows the command and its output in the log, unless it is to be quiet', async () => {
    await using result = await step(`
      await action.run(async () => {
        await action.command('echo', ['seen']);
        await action.command('echo', ['unseen'], { quiet: true });
      });`);
    expect(result.log).toBe('::stop-commands::***\n[command]echo seen\nseen\n::***::');
  });
});

describe.skipIf(process.platform === 'win32')('bounds', () => {
  const endless = (options: Parameters<typeof command>[2]) =>
    command('sh', ['-c', 'yes & wait'], { quiet: true, ...options });

  it('stop a program that prints without end, and what it started', async () => {
    const marked = `yes gangway-endless-${process.pid}`;
    await expect(
      command('sh', ['-c', `${marked} & wait`], { quiet: true, allowFailure: true, limit: 100_000 }),
    ).rejects.toMatchObject({
      code: 'output-too-large',
      message: 'sh -c was stopped: it printed more than the 100,000 characters that are kept.',
    });
    const { stdout } = await command('ps', ['-eo', 'stat=,args='], { quiet: true });
    expect(stdout.split('\n').filter((line) => line.includes(marked) && !line.startsWith('Z'))).toEqual([]);
  });

  it('stop one that says nothing for too long, even if it ignores that', async () => {
    const started = performance.now();
    await expect(
      command('sh', ['-c', 'trap "" INT; sleep 61; sleep 61'], { quiet: true, timeout: 300 }),
    ).rejects.toMatchObject({
      code: 'command-timeout',
      message: 'sh -c was stopped: it did not end within 0.3 s.',
    });
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  it('hold nothing for a program that left its group and keeps its output open', async () => {
    const started = performance.now();
    await expect(
      endless({ limit: 1000 }).then(() => command('setsid', ['sleep', '62'])),
    ).rejects.toMatchObject({ code: 'output-too-large' });
    await expect(
      command('sh', ['-c', 'setsid sleep 64 & wait'], { quiet: true, timeout: 300 }),
    ).rejects.toMatchObject({ code: 'command-timeout' });
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  it('keep the last lines of what goes to the log', async () => {
    const { stdout } = await command('sh', ['-c', 'seq 1 100000'], { quiet: true, keep: 'end', limit: 2000 });
    expect(stdout.endsWith('\n99999\n100000\n')).toBe(true);
    expect(stdout).toMatch(/^\d{5}\n/);
    expect(stdout.length).toBeLessThanOrEqual(2000);
  });

  it('let a program wait while nobody reads the log', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gangway-step-'));
    const script = join(folder, 'main.mjs');
    const index = new URL('../index.ts', import.meta.url).href;
    await writeFile(
      script,
      `import { writeSync } from 'node:fs';
      import { command, run } from '${index}';
      setTimeout(() => writeSync(2, \`\${process.stdout.writableLength}\n\`), 2500);
      setTimeout(() => process.kill(process.pid, 'SIGTERM'), 2600);
      await run(async () => { await command('yes', []); });`,
    );
    const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'pipe'] });
    const said = await child.stderr
      .reduce((text: string, chunk) => text + chunk, '')
      .finally(() => child.kill('SIGKILL'));
    await rm(folder, { recursive: true });
    expect(Number(said.trim())).toBeGreaterThan(0);
    expect(Number(said.trim())).toBeLessThan(4 * 1024 * 1024);
  });
});

describe.skipIf(process.platform === 'win32')('a cancelled command', () => {
  it('is interrupted together with what it started', async () => {
    const cancel = cancelAt('child ');
    await using result = await step(
      `await action.run(() => action.command('sh', ['-c', 'sleep 61 & echo child $!; wait']));`,
      cancel,
    );
    expect(performance.now() - cancel.at()).toBeLessThan(RUNNER_PATIENCE);
    expect(result.exitCode).toBe(130);
    expect(result.annotations.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^The step was cancelled\./),
    ]);
    expect(await isGone(pidIn(result.log))).toBe(true);
  });

  it('is killed when it does not heed the interrupt', async () => {
    const cancel = cancelAt('child ');
    await using result = await step(
      `await action.run(() => action.command('sh', ['-c', 'trap "" INT; sleep 62 & echo child $!; wait; wait']));`,
      cancel,
    );
    expect(performance.now() - cancel.at()).toBeLessThan(RUNNER_PATIENCE);
    expect(result.exitCode).toBe(130);
    expect(await isGone(pidIn(result.log))).toBe(true);
  });

  it('may take longer when it cleans up itself', async () => {
    const cancel = cancelAt('working');
    await using result = await step(
      `await action.run(() => action.command('sh', ['-c', 'trap "sleep 1.5; echo put away; exit 1" INT; echo working; sleep 65 & wait'], { patience: action.CLEANING_UP }));`,
      cancel,
    );
    expect(performance.now() - cancel.at()).toBeLessThan(RUNNER_PATIENCE);
    expect(result.exitCode).toBe(130);
    expect(result.log).toContain('\nput away');
  });

  it('gives way to the commands that clean up', async () => {
    const cancel = cancelAt('working');
    await using result = await step(
      `await action.run(async () => {
        try { await action.command('sh', ['-c', 'echo working; sleep 63']); }
        catch { await action.command('echo', ['not this']).catch(() => {}); }
        finally { await action.command('echo', ['tidied'], { evenIfCancelled: true }); }
      });`,
      cancel,
    );
    expect(result.exitCode).toBe(130);
    expect(result.log).toContain('\ntidied');
    expect(result.log).not.toContain('not this');
  });
});

describe('lastLines', () => {
  it('are those that are not empty, without carriage returns', () => {
    expect(lastLines('a\r\nb\n\n  \nc\n', 2)).toBe('b\nc');
    expect(lastLines('', 3)).toBe('');
  });

  it('are cut where a person stops reading', () => {
    expect(lastLines(`a\n${'x'.repeat(5_000_000)}\nb`, 3).length).toBeLessThan(4000);
    expect(lastLines(`a\n${'x'.repeat(1500)}\nb`, 3)).toBe(`a\n${'x'.repeat(1000)}…\nb`);
  });
});

function pidIn(log: string): number {
  return Number(/child (\d+)/.exec(log)?.[1]);
}

/** Whether a process ends within a second; one that only waits to be noticed by its parent has. */
async function isGone(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 20; tries++) {
    const { stdout } = await command('ps', ['-o', 'stat=', '-p', String(pid)], {
      quiet: true,
      allowFailure: true,
    });
    if (/^(Z|$)/.test(stdout.trim())) return true;
    await sleep(50);
  }
  return false;
}
