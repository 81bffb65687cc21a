import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deployGateway, type Echo, startBackend, type TestBackend } from '../../../../test/gateway.ts';
import { type RunningCloud, startCloud } from '../../../cloud.ts';

let cloud: RunningCloud;
let backend: TestBackend;
let slow: TestBackend;
let flaky: TestBackend;
let dead: TestBackend;
let url: string;

const ok = { '200': { description: 'ok' } };

/** An operation on a backend of its own. */
function at(operationId: string, address: string, more: object = {}) {
  return { operationId, responses: ok, 'x-google-backend': { address, ...more } };
}

beforeAll(async () => {
  cloud = await startCloud();
  backend = await startBackend();
  slow = await startBackend((_, response) => void setTimeout(() => response.end('late'), 2000).unref());
  let turn = 0;
  flaky = await startBackend((request, response) => {
    turn += 1;
    if (turn % 2 === 1) request.socket.destroy();
    else request.pipe(response);
  });
  dead = await startBackend((request) => request.socket.destroy());
  const closed = await startBackend();
  await closed.close();
  const document = {
    swagger: '2.0',
    info: { title: 'Pets', version: '1.0.0' },
    basePath: '/v1',
    'x-google-endpoints': [{ name: 'pets.example.com', allowCors: true }],
    'x-google-backend': { address: `${backend.origin}/base` },
    paths: {
      '/pets/{id}': {
        parameters: [{ name: 'id', in: 'path', required: true, type: 'string' }],
        get: { operationId: 'getPet', responses: ok },
        post: { operationId: 'postPet', responses: ok },
        patch: {
          operationId: 'patchPet',
          responses: ok,
          'x-google-backend': { address: `${backend.origin}/fixed`, jwt_audience: 'https://aud.example.com' },
        },
      },
      '/open': {
        get: at('open', backend.origin, { disable_auth: true, path_translation: 'APPEND_PATH_TO_ADDRESS' }),
      },
      '/slow': { get: at('slow', slow.origin, { deadline: 0.2 }) },
      '/flaky': { post: at('flaky', flaky.origin) },
      '/dead': { get: at('dead', dead.origin) },
      '/closed': { get: at('closed', closed.origin) },
    },
  };
  ({ url } = await deployGateway(cloud, document));
});

afterAll(async () => {
  await Promise.all([cloud, backend, slow, flaky, dead].map((each) => each.close()));
});

async function echoed(path: string, init: RequestInit = {}): Promise<Echo> {
  const response = await fetch(`${url}${path}`, init);
  expect(response.status).toBe(200);
  return (await response.json()) as Echo;
}

function claims(token: string | undefined): Record<string, unknown> {
  return JSON.parse(Buffer.from(token?.split('.')[1] ?? '', 'base64url').toString());
}

describe('a gateway', () => {
  it('sends a request on, path appended, with an ID token for the backend', async () => {
    const echo = await echoed('/v1/pets/7?x=%20y', {
      headers: { authorization: 'Bearer mine', 'x-forwarded-authorization': 'forged' },
    });
    expect(echo).toMatchObject({ method: 'GET', url: '/base/v1/pets/7?x=%20y' });
    expect(claims(echo.headers.authorization?.replace('Bearer ', ''))).toMatchObject({
      aud: backend.origin,
      email: '123456789012-compute@developer.gserviceaccount.com',
      iss: 'https://accounts.google.com',
    });
    expect(echo.headers['x-forwarded-authorization']).toBe('Bearer mine');
    expect(echo.headers.host).toBe(new URL(backend.origin).host);
  });

  it('uses the audience and the constant address of an operation', async () => {
    const echo = await echoed('/v1/pets/7?x=1', { method: 'PATCH', body: 'hello' });
    expect(echo).toMatchObject({ url: '/fixed?x=1&id=7', body: 'hello' });
    expect(claims(echo.headers.authorization?.replace('Bearer ', '')).aud).toBe('https://aud.example.com');
  });

  it('leaves Authorization alone when backend authentication is off', async () => {
    const echo = await echoed('/v1/open', { headers: { authorization: 'Bearer mine' } });
    expect(echo.headers.authorization).toBe('Bearer mine');
    expect(echo.headers['x-forwarded-authorization']).toBeUndefined();
  });

  it('does not pass on what a client claims in the gateway’s own headers', async () => {
    const echo = await echoed('/v1/open', {
      headers: { 'x-apigateway-api-userinfo': 'forged', 'x-apigateway-api-consumer-number': '1' },
    });
    expect(Object.keys(echo.headers).filter((name) => name.startsWith('x-apigateway'))).toEqual([]);
  });

  it('answers an unknown path and a wrong method as ESPv2 does', async () => {
    const unknown = await fetch(`${url}/nope`);
    expect(unknown.status).toBe(404);
    expect(unknown.headers.get('content-type')).toBe('application/json');
    expect(await unknown.json()).toEqual({
      code: 404,
      message: 'The current request is not defined by this API.',
    });
    const wrong = await fetch(`${url}/v1/open`, { method: 'DELETE' });
    expect(await wrong.json()).toEqual({
      code: 405,
      message:
        'The current request is matched to the defined url template "/v1/open" but its http method is not allowed',
    });
  });

  it('routes by x-http-method-override and drops it', async () => {
    const echo = await echoed('/v1/pets/7', {
      method: 'POST',
      headers: { 'x-http-method-override': 'PATCH' },
      body: 'b',
    });
    expect(echo).toMatchObject({ method: 'PATCH', url: '/fixed?id=7', body: 'b' });
    expect(echo.headers['x-http-method-override']).toBeUndefined();
  });

  it('proxies preflights where the document allows CORS', async () => {
    const echo = await echoed('/v1/pets/7', {
      method: 'OPTIONS',
      headers: { origin: 'https://a.example', 'access-control-request-method': 'GET' },
    });
    expect(echo).toMatchObject({ method: 'OPTIONS', url: '/base/v1/pets/7' });
  });

  it('answers 504 past the deadline', async () => {
    const response = await fetch(`${url}/v1/slow`);
    expect(response.status).toBe(504);
    expect(await response.json()).toEqual({ code: 504, message: 'upstream request timeout' });
  });

  it('tries once more when the backend resets, body included', async () => {
    const response = await fetch(`${url}/v1/flaky`, { method: 'POST', body: 'again' });
    expect([response.status, await response.text()]).toEqual([200, 'again']);
    expect(flaky.requests).toBe(2);
  });

  it('answers 503 when the backend drops both attempts, or is not there', async () => {
    const response = await fetch(`${url}/v1/dead`);
    expect(response.status).toBe(503);
    expect(((await response.json()) as { message: string }).message).toMatch(
      /^upstream connect error or disconnect\/reset before headers\. retried and the latest reset reason: connection termination$/,
    );
    expect(dead.requests).toBe(2);
    const closed = await fetch(`${url}/v1/closed`);
    expect(closed.status).toBe(503);
    expect(await closed.text()).toContain('remote connection failure');
  });

  it('streams a large body both ways', async () => {
    const body = 'x'.repeat(5 * 1024 * 1024);
    const echo = await echoed('/v1/pets/7', { method: 'POST', body });
    expect(echo.body.length).toBe(body.length);
  });

  it('refuses more than 32 MB', async () => {
    const response = await fetch(`${url}/v1/pets/7`, {
      method: 'POST',
      body: Buffer.alloc(33 * 1024 * 1024),
    });
    expect(response.status).toBe(413);
  });

  it('normalises a raw path before it routes', async () => {
    const { port } = new URL(url);
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () =>
        socket.write('GET /x/../v1//open HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'),
      );
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk;
      });
      socket.on('close', () => resolve(text));
    });
    expect(answer).toContain('"url":"/v1/open"');
  });
});
