import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { locked, register } from './lock.ts';

const lockModule = fileURLToPath(new URL('./lock.ts', import.meta.url));

/** A process that holds something until it is killed; resolves once it does. */
async function holder(code: string) {
  const script = `import { locked, register } from ${JSON.stringify(lockModule)};\n${code}`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

describe.runIf(process.platform === 'linux')('a lock', () => {
  it('lets one in at a time', async () => {
    const name = `test-${process.pid}-turns`;
    let inside = 0;
    let most = 0;
    const visit = () =>
      locked(name, async () => {
        most = Math.max(most, ++inside);
        await sleep(20);
        inside--;
      });
    await Promise.all([visit(), visit(), visit()]);
    expect(most).toBe(1);
  });

  it('is free again when its process is killed', async () => {
    const name = `test-${process.pid}-killed`;
    const child = await holder(
      `await locked('${name}', () => { console.log('in'); return new Promise(() => setInterval(() => {}, 1000)); });`,
    );
    let entered = false;
    const waiting = locked(name, async () => {
      entered = true;
    });
    await sleep(300);
    expect(entered).toBe(false);
    child.kill('SIGKILL');
    await waiting;
    expect(entered).toBe(true);
  });

  it('is released when what runs in it fails', async () => {
    const name = `test-${process.pid}-fails`;
    await expect(locked(name, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await locked(name, async () => 'in')).toBe('in');
  });
});

describe.runIf(process.platform === 'linux')('a registration', () => {
  it('is seen by other processes until its own ends', async () => {
    const name = `test-${process.pid}-use`;
    const own = await register(name);
    expect(await own.others()).toBe(0);
    const child = await holder(`await register('${name}'); console.log('in'); setInterval(() => {}, 1000);`);
    expect(await own.others()).toBe(1);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await own.others()).toBe(0);
    await own.end();
  });
});
