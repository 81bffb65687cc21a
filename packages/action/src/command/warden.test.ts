import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command } from './command.ts';

/** Milliseconds in which all must have ended. */
const PROMISED = 3000;

describe.skipIf(process.platform === 'win32')('a step that is killed', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gangway-warden-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Runs a script as a step; kills it as soon as it has printed `ready`; returns what it printed. */
  async function killed(script: string, env: Record<string, string> = {}): Promise<string> {
    const path = join(folder, 'main.mjs');
    const index = new URL('../index.ts', import.meta.url).href;
    const warden = new URL('./warden.ts', import.meta.url).href;
    await writeFile(
      path,
      `import * as action from '${index}';\nimport { holdContainer } from '${warden}';\n${script}`,
    );
    const child = spawn(process.execPath, [path], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line);
      if (line === 'ready') break;
    }
    child.kill('SIGKILL');
    await once(child, 'exit');
    return lines.join('\n');
  }

  it('takes along the program that runs, and what that started', async () => {
    const log = await killed(
      `await action.run(() => action.command('sh', ['-c', 'trap "" INT TERM; sleep 71 & echo child $! parent $$; echo ready; wait; wait']));`,
    );
    expect(pidsIn(log)).toHaveLength(2);
    for (const pid of pidsIn(log)) expect(await isGone(pid), String(pid)).toBe(true);
  });

  it.skipIf(process.platform !== 'linux')('takes along what left its process group', async () => {
    const log = await killed(
      `await action.run(() => action.command('sh', ['-c', 'setsid sleep 72 & echo child $!; setsid sh -c "sleep 73 & sleep 73" & echo child $!; sleep 0.2; echo ready; wait']));`,
    );
    expect(pidsIn(log)).toHaveLength(2);
    for (const pid of pidsIn(log)) expect(await isGone(pid), String(pid)).toBe(true);
  });

  it('takes along several programs at once, but none that has ended', async () => {
    const log = await killed(
      `const run = (n) => action.command('sh', ['-c', 'echo child $$; sleep ' + n]);
       await run(0);
       await action.run(() => Promise.all([run(74), run(75), action.command('sh', ['-c', 'sleep 0.5; echo ready; sleep 76'])]));`,
    );
    const pids = pidsIn(log);
    expect(pids).toHaveLength(3);
    for (const pid of pids) expect(await isGone(pid), String(pid)).toBe(true);
  });

  it('removes its container, which may come into being only then', async () => {
    const told = join(folder, 'docker-said');
    await writeFile(join(folder, 'docker'), `#!/bin/sh\necho "$*" >> ${told}\n`, { mode: 0o755 });
    await killed(`holdContainer('gangway-abc'); console.log('ready'); setInterval(() => {}, 1000);`, {
      PATH: `${folder}:${process.env.PATH}`,
    });
    await sleep(PROMISED);
    expect(await readFile(told, 'utf8')).toBe('rm --force --volumes gangway-abc\n'.repeat(3));
  });

  it('leaves no shell behind, nor does one that ends', async () => {
    const script = (end: string) =>
      `await action.command('true', [], { quiet: true });
       await action.command('sh', ['-c', 'pgrep -P ' + process.pid + ' -f gangway-warden'], { quiet: true }).then(({ stdout }) => console.log('child', stdout.trim()));
       ${end}`;
    for (const end of ["console.log('ready'); setInterval(() => {}, 1000);", "console.log('ready');"]) {
      const [pid = 0] = pidsIn(await killed(script(end)));
      expect(pid).toBeGreaterThan(0);
      expect(await isGone(pid)).toBe(true);
    }
  });

  it('lets go what it no longer holds', async () => {
    const told = join(folder, 'docker-not');
    await writeFile(join(folder, 'docker'), `#!/bin/sh\necho "$*" >> ${told}\n`, { mode: 0o755 });
    await killed(`holdContainer('gangway-abc')(); console.log('ready'); setInterval(() => {}, 1000);`, {
      PATH: `${folder}:${process.env.PATH}`,
    });
    await sleep(500);
    await expect(readFile(told)).rejects.toThrow('ENOENT');
  });
});

function pidsIn(log: string): number[] {
  return [...log.matchAll(/(?:child|parent) (\d+)/g)].map(([, pid]) => Number(pid));
}

/** Whether a process ends in the time that is promised. One that nobody waits for any more has ended, too. */
async function isGone(pid: number): Promise<boolean> {
  for (const end = performance.now() + PROMISED; performance.now() < end; await sleep(50)) {
    const { stdout } = await command('ps', ['-o', 'stat=', '-p', String(pid)], {
      quiet: true,
      allowFailure: true,
    });
    if (/^(Z|$)/.test(stdout.trim())) return true;
  }
  return false;
}
