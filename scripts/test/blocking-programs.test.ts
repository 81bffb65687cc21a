import { execFileSync, spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { endingAfter } from './blocking-programs.ts';

const forever = ['-e', 'process.on("SIGTERM", () => {}); console.log("began"); setInterval(() => {}, 1000)'];
type Result = ReturnType<typeof spawnSync>;

it('kills a program that does not end, tells of it, and gives back what it said', () => {
  const told: unknown[] = [];
  const run = endingAfter(2000, spawnSync as never, (args) => told.push(args));
  const { error, signal, stdout } = run(process.execPath, forever, { encoding: 'utf8' }) as Result;
  expect(error).toMatchObject({ code: 'ETIMEDOUT' });
  expect(signal).toBe('SIGKILL');
  expect(stdout).toBe('began\n');
  expect(told).toEqual([[process.execPath, forever, { encoding: 'utf8' }]]);
});

it('throws where the call throws', () => {
  const told: unknown[] = [];
  const run = endingAfter(300, execFileSync as never, (args) => told.push(args));
  expect(() => run(process.execPath, forever)).toThrow(expect.objectContaining({ code: 'ETIMEDOUT' }));
  expect(told).toHaveLength(1);
});

it("leaves a call's own limit, and a program that ends", () => {
  const told: unknown[] = [];
  const run = endingAfter(1, spawnSync as never, (args) => told.push(args));
  const { status } = run(process.execPath, ['-e', '0'], { timeout: 60_000 }) as Result;
  expect(status).toBe(0);
  const patient = endingAfter(60_000, execFileSync as never, (args) => told.push(args));
  expect(patient(process.execPath, ['-p', '1'], { encoding: 'utf8' })).toBe('1\n');
  expect(told).toEqual([]);
});

it('is in place in every test', () => {
  // Node's own has its name.
  expect(spawnSync.name).not.toBe('spawnSync');
  expect(spawnSync(process.execPath, ['-p', '1'], { encoding: 'utf8' }).stdout).toBe('1\n');
});
