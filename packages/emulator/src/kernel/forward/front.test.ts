import { once } from 'node:events';
import { get } from 'node:http';
import { type AddressInfo, connect, createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { flyBench, pushFlyImage } from '../../../test/fly.ts';
import { deployGateway } from '../../../test/gateway.ts';
import { type RunningCloud, startCloud } from '../../cloud.ts';
import type { AnsweredRequest } from '../http/answered-request.ts';
import { Forwarder } from './forward.ts';
import { type Front, openFront, type Served } from './front.ts';
import { LOOPBACK } from './listening.ts';

const closing: (() => unknown)[] = [];
let cloud: RunningCloud;
const answered: (AnsweredRequest & { took: number })[] = [];
beforeAll(async () => {
  cloud = await startCloud({ onRequest: (request, took) => void answered.push({ ...request, took }) });
});
afterAll(async () => {
  for (const close of closing.reverse()) await close();
  await cloud.close();
});

it('a request to a gateway is told of once, with what it was and how long it took', async () => {
  const { url } = await deployGateway(cloud, {
    swagger: '2.0',
    info: { title: 'Watched', version: '1' },
    paths: { '/x': { get: { operationId: 'x', responses: { '200': { description: 'ok' } } } } },
  });
  answered.length = 0;
  expect((await fetch(`${url}/none?key=secret`, { headers: { 'user-agent': 'test/1' } })).status).toBe(404);
  await vi.waitFor(() => expect(answered).toHaveLength(1));
  expect(answered).toMatchObject([
    {
      service: expect.stringMatching(/^api-gateway\/./),
      method: 'GET',
      path: '/none?key=secret',
      status: 404,
      agent: 'test/1',
      took: expect.any(Number),
    },
  ]);
  // It is not among those of the main port.
  expect(cloud.requests.some(({ path }) => path.startsWith('/none'))).toBe(false);
});

it('one that passes by the main port, by the name of an app, is told of once too', async () => {
  const told: AnsweredRequest[] = [];
  const bench = await flyBench({ simulateMachines: true, onRequest: (request) => void told.push(request) });
  closing.push(() => bench.close());
  await bench.call('POST', '/v1/apps', { name: 'watched', org_slug: 'personal' });
  const image = await pushFlyImage(bench, 'watched', 'one');
  const services = [{ internal_port: 80, ports: [{ port: 80, handlers: ['http'] }] }];
  const machine = await bench.call('POST', '/v1/apps/watched/machines', { config: { image, services } });
  const { id } = (await machine.json()) as { id: string };
  await bench.call('GET', `/v1/apps/watched/machines/${id}/wait?state=started`);
  told.length = 0;
  expect(await byName(bench.cloud.origin, 'watched.fly.dev', '/hello')).toContain('simulated machine');
  await vi.waitFor(() =>
    expect(told).toMatchObject([{ service: 'fly/watched', method: 'GET', path: '/hello', status: 200 }]),
  );
});

it('a client that goes away, and a WebSocket, are told of as what they are', async () => {
  const served: Served[] = [];
  const backend = createServer((socket) => {
    socket.once('data', (data) => {
      if (!/^upgrade: websocket/im.test(data.toString())) return;
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
      socket.once('data', () => socket.end());
    });
    socket.on('error', () => undefined);
  }).listen(0, '127.0.0.1');
  await once(backend, 'listening');
  closing.push(() => backend.close());
  const origin = new URL(`http://127.0.0.1:${(backend.address() as AddressInfo).port}`);
  const forwarder = new Forwarder();
  const front = await openFront(
    (request, response) =>
      void forwarder
        .forward(request, response, { origin, headers: request.rawHeaders })
        .catch(() => response.destroy()),
    LOOPBACK,
    { watch: { by: 'cloud-run/web', report: (one) => void served.push(one) } },
  );
  closing.push(() => front.close());
  const gone = await raw(front, 'GET /slow HTTP/1.1\r\nHost: x\r\n\r\n');
  await new Promise((resolve) => setTimeout(resolve, 100));
  gone.destroy();
  await vi.waitFor(() => expect(served).toMatchObject([{ by: 'cloud-run/web', path: '/slow', status: 499 }]));
  const talking = await raw(
    front,
    'GET /chat HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  );
  await once(talking, 'data');
  expect(served).toHaveLength(1);
  talking.end('bye');
  await vi.waitFor(() => expect(served[1]).toMatchObject({ path: '/chat', status: 101 }));
});

/** Asks by a host name; `fetch` sets it itself. */
async function byName(origin: string, host: string, path: string): Promise<string> {
  const { hostname, port } = new URL(origin);
  const [answer] = await once(get({ hostname, port, path, headers: { host } }), 'response');
  return text(answer);
}

async function raw({ port }: Front, request: string) {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.on('error', () => undefined);
  socket.write(request);
  return socket;
}
