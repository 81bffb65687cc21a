import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokenOf } from '../../../test/client.ts';
import { type RunningCloud, startCloud } from '../../cloud.ts';

const PATH = '/v1/projects/demo-project/services/run.googleapis.com';

let cloud: RunningCloud;
let token: string;
beforeAll(async () => {
  cloud = await startCloud({ hosts: ['cloud.test', '*.universe.test'] });
  token = tokenOf(cloud, 'owner@example.com');
});
afterAll(() => cloud.close());

/** Sends a request as it is written, and returns all that comes back. */
async function raw(line: string, headers: readonly string[]): Promise<string> {
  const socket = connect(Number(new URL(cloud.origin).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write(
    `${[line, ...headers, `Authorization: Bearer ${token}`, 'Connection: close'].join('\r\n')}\r\n\r\n`,
  );
  return text(socket);
}

function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);
}

describe('the Host of a request', () => {
  it.each([
    '127.0.0.1:8080',
    '127.0.0.1',
    'localhost:1234',
    'LOCALHOST',
    'localhost.',
    'localhost.:8080',
    '[::1]:8080',
    'us-central1-localhost:8080',
    'northamerica-northeast2-localhost',
    'europe-west12-localhost',
    'serviceusage.googleapis.com',
    'cloud.test:8080',
    'serviceusage.universe.test',
  ])('%s is one of its own', async (host) => {
    expect(statusOf(await raw(`GET ${PATH} HTTP/1.1`, [`Host: ${host}`]))).toBe(200);
  });

  it.each([
    'us-central1-run.googleapis.com:443',
    'us-central1-docker.pkg.dev',
    'registry.fly.io',
    'other.googleapis.com',
  ])('%s is one of its own, and has no such path', async (host) => {
    expect(statusOf(await raw(`GET ${PATH} HTTP/1.1`, [`Host: ${host}`]))).toBe(404);
  });

  it.each([
    'evil.example.com',
    'evil.example.com:8080',
    'localhost.evil.com',
    'evil-localhost',
    'foo.localhost',
    'localhost..',
    '127.0.0.1.evil.com',
    'googleapis.com.evil.com',
    'evilgoogleapis.com',
    'us-central1-localhost.evil.com',
    'localhost@evil.com',
    '192.0.2.1:8080',
    '0.0.0.0:8080',
    'universe.test',
    'evil.cloud.test',
    '',
  ])('%j is a stranger', async (host) => {
    const answer = await raw(`GET ${PATH} HTTP/1.1`, [`Host: ${host}`]);
    expect([400, 403]).toContain(statusOf(answer));
    expect(answer).not.toContain('ENABLED');
  });

  it('is that of the address where there is one, as a proxy gets it, and of the header too', async () => {
    const good = `http://us-central1-localhost:8080${PATH}`;
    expect(statusOf(await raw(`GET ${good} HTTP/1.1`, ['Host: us-central1-localhost:8080']))).toBe(200);
    expect(statusOf(await raw(`GET http://evil.com${PATH} HTTP/1.1`, ['Host: localhost']))).toBe(403);
    expect(statusOf(await raw(`GET ${good} HTTP/1.1`, ['Host: evil.com']))).toBe(403);
  });

  it('must be there, and once', async () => {
    expect(statusOf(await raw(`GET ${PATH} HTTP/1.1`, []))).toBe(400);
    expect(statusOf(await raw(`GET ${PATH} HTTP/1.0`, []))).toBe(403);
    expect([400, 403]).toContain(
      statusOf(await raw(`GET ${PATH} HTTP/1.1`, ['Host: localhost', 'Host: evil.com'])),
    );
  });
});

describe('a web page', () => {
  it.each([
    ['of another origin', 'Origin: https://evil.example.com'],
    ['in a sandbox', 'Origin: null'],
    ['on this machine', 'Origin: http://localhost:3000'],
    ['whose image it would be', 'Sec-Fetch-Site: cross-site'],
    ['on another port', 'Sec-Fetch-Site: same-site'],
  ])('%s gets nothing, and no leave to read it', async (_, header) => {
    for (const line of [`GET ${PATH}`, 'OPTIONS /v1/token', 'GET /v2/', 'GET /github/.well-known/jwks']) {
      const answer = await raw(`${line} HTTP/1.1`, ['Host: localhost', header]);
      expect(statusOf(answer), line).toBe(403);
      expect(answer).not.toMatch(/access-control/i);
    }
  });

  it('a form of one changes nothing', async () => {
    const answer = await fetch(`${cloud.origin}${PATH}:disable`, {
      method: 'POST',
      headers: { origin: 'https://evil.example.com', authorization: `Bearer ${token}` },
      body: new URLSearchParams({ a: 'b' }),
    });
    expect(answer.status).toBe(403);
    expect(cloud.serviceUsage.enabled.has('run.googleapis.com')).toBe(true);
  });

  it('is not a person who types an address', async () => {
    expect(statusOf(await raw(`GET ${PATH} HTTP/1.1`, ['Host: localhost', 'Sec-Fetch-Site: none']))).toBe(
      200,
    );
  });
});
