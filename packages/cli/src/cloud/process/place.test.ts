import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { afterAll, expect, it } from 'vitest';
import { type Place, type Running, record, recordOf, removeRecord, untilSettled } from './place.ts';

const state = mkdtempSync(join(tmpdir(), 'gangway-place-'));
afterAll(() => rmSync(state, { recursive: true }));

it('reads the record of a local cloud that starts and ends meanwhile', async () => {
  const place: Place = { folder: state, state, socket: join(state, 'socket') };
  const others = new Worker(
    `const { workerData: { module, place, running } } = require('node:worker_threads');
     import(module).then(({ record, removeRecord }) => { for (;;) { record(place, running); removeRecord(place); } });`,
    {
      eval: true,
      workerData: { module: new URL('place.ts', import.meta.url).href, place, running: { pid: process.pid } },
    },
  );
  const seen = { running: 0, nothing: 0 };
  while (seen.running < 2000 || seen.nothing < 2000) {
    const running = recordOf(place);
    if (running) expect(running).toEqual({ pid: process.pid });
    seen[running ? 'running' : 'nothing']++;
    if (seen.running + seen.nothing > 2_000_000) break;
  }
  await others.terminate();
  expect(seen.running, JSON.stringify(seen)).toBeGreaterThanOrEqual(2000);
  expect(seen.nothing, JSON.stringify(seen)).toBeGreaterThanOrEqual(2000);
});

it('waits for a local cloud that is stopping, and for no other', async () => {
  const place: Place = { folder: state, state, socket: join(state, 'socket') };
  const cloud = spawn('sleep', ['60']);
  const running = { pid: cloud.pid } as Running;
  record(place, running);
  expect(await untilSettled(place)).toEqual(running);
  record(place, { ...running, stopping: true });
  let isSettled = false;
  const settled = untilSettled(place).finally(() => {
    isSettled = true;
  });
  await sleep(300);
  expect(isSettled).toBe(false);
  cloud.kill('SIGKILL');
  expect(await settled).toBeUndefined();
  removeRecord(place);
});
