import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { EngineConnection, EngineTimeout, EngineUnavailable } from './connection.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function engine(answer: Parameters<typeof createServer>[1]): Promise<EngineConnection> {
  const server = createServer(answer as never);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return new EngineConnection(`tcp://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

it('gives up a call that is not answered, and names it', async () => {
  const silent = await engine(() => undefined);
  const call = silent.drain('POST', '/containers/x/start?a=1', { limit: 50 });
  await expect(call).rejects.toThrow(/did not answer POST \/containers\/x\/start within 0\.05 s/);
  await expect(call).rejects.toThrow(EngineTimeout);
});

it('gives up an answer that does not end', async () => {
  const dripping = await engine((_, response) => {
    response.writeHead(200);
    response.write('{');
  });
  await expect(dripping.json('GET', '/info', undefined, 50)).rejects.toThrow(EngineTimeout);
});

it('tells an engine that is not there from one that is late', async () => {
  await expect(new EngineConnection('tcp://127.0.0.1:1').drain('GET', '/_ping')).rejects.toThrow(
    EngineUnavailable,
  );
});
