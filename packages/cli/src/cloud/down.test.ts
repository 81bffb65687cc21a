import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { stopAt } from './down.ts';
import { type Place, type Running, record, recordOf } from './process/place.ts';

const state = mkdtempSync(join(tmpdir(), 'gangway-down-'));
afterAll(() => rmSync(state, { recursive: true }));

it('takes a local cloud that is gone before it could answer for stopped', async () => {
  const place: Place = { folder: state, state, socket: join(state, 'socket') };
  const cloud = spawn('sleep', ['60']);
  const orders = createServer(async (request) => {
    cloud.kill('SIGKILL');
    await once(cloud, 'exit');
    request.socket.destroy();
  });
  await new Promise<void>((resolve) => orders.listen(place.socket, resolve));
  record(place, { pid: cloud.pid } as Running);
  await stopAt(place);
  orders.close();
  expect(recordOf(place)).toBeUndefined();
});
