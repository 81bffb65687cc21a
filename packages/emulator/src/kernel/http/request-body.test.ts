import { once } from 'node:events';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { tokenOf } from '../../../test/client.ts';
import { type RunningCloud, startCloud } from '../../cloud.ts';
import { BlobStore } from '../../registry/blobs.ts';

const MB = 1024 * 1024;
const SIZE = 300 * MB;
const UPLOAD = '/v2/us-central1-docker.pkg.dev/demo-project/app/web/blobs/uploads/';

let cloud: RunningCloud;
let owner: string;
let before: number;
beforeAll(async () => {
  cloud = await startCloud();
  before = process.memoryUsage().rss;
  owner = tokenOf(cloud, 'owner@example.com');
  cloud.artifactRegistry.add({
    name: 'projects/demo-project/locations/us-central1/repositories/app',
    format: 'DOCKER',
    mode: 'STANDARD_REPOSITORY',
    createTime: '',
    updateTime: '',
  });
});
afterAll(() => cloud.close());

interface Sent {
  readonly status: number;
  /** Bytes of the body that the cloud took off the connection. */
  readonly taken: number;
  readonly closed: boolean;
}

/** Sends a body of 300 MB as long as the other side lets it. */
async function flood(line: string, headers: readonly string[], framing: 'length' | 'chunked'): Promise<Sent> {
  const socket = connect(Number(new URL(cloud.origin).port), '127.0.0.1');
  await once(socket, 'connect');
  let head = '';
  socket.on('data', (data: Buffer) => {
    head += data.toString('latin1');
  });
  socket.on('error', () => undefined);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  const announced = framing === 'length' ? `Content-Length: ${SIZE}` : 'Transfer-Encoding: chunked';
  socket.write(`${[line, 'Host: localhost', announced, ...headers].join('\r\n')}\r\n\r\n`);
  const piece = Buffer.alloc(64 * 1024, 'x');
  const chunk = Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')]);
  for (let sent = 0; sent < SIZE && !socket.destroyed; sent += piece.length) {
    if (!(await written(socket, framing === 'length' ? piece : chunk))) break;
  }
  await Promise.race([closed, sleep(5000)]);
  const taken = socket.bytesWritten - socket.writableLength;
  const result = { status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]), taken, closed: socket.destroyed };
  socket.destroy();
  return result;
}

/** Whether more may be sent. */
function written(socket: Socket, bytes: Buffer): Promise<boolean> {
  return new Promise((resolve) => {
    const gone = () => resolve(false);
    socket.once('close', gone);
    socket.write(bytes, (error) => {
      socket.off('close', gone);
      resolve(!error);
    });
  });
}

/** What the kernel itself buffers for two ends of a connection on loopback. */
const KERNEL = 16 * MB;

describe.each(['length', 'chunked'] as const)('300 MB of nobody, by %s', (framing) => {
  it.concurrent.each([
    ['an API', `POST /v1/projects/demo-project/services/run.googleapis.com:enable HTTP/1.1`, 401],
    ['IAM Credentials', 'POST /v1/projects/-/serviceAccounts/a@b.c:generateAccessToken HTTP/1.1', 401],
    ['an upload', `POST ${UPLOAD}?digest=sha256:0 HTTP/1.1`, 401],
    ['a chunk of an upload', `PATCH ${UPLOAD}1 HTTP/1.1`, 401],
    ['a manifest', `PUT ${UPLOAD.replace('blobs/uploads/', 'manifests/v1')} HTTP/1.1`, 401],
    ['the token service', 'POST /v1/token HTTP/1.1', 413],
    ['the OAuth server', 'POST /token HTTP/1.1', 413],
    ["the registry's tokens", 'POST /v2/token HTTP/1.1', 413],
    ['public keys', 'GET /oauth2/v3/certs HTTP/1.1', 413],
    ['the Machines API', 'POST /v1/apps HTTP/1.1', 401],
    ['nothing', 'POST /nowhere HTTP/1.1', 404],
    ['a web page', 'POST /v1/token HTTP/1.1\r\nOrigin: https://evil.example.com', 403],
  ])('for %s is refused and not read', async (_, line, status) => {
    const sent = await flood(line, [], framing);
    expect(sent).toMatchObject({ status, closed: true });
    expect(sent.taken).toBeLessThan(KERNEL);
  });
});

it('none of it is kept', () => {
  // What the senders above had in hand counts, too.
  expect(process.memoryUsage().rss - before).toBeLessThan(150 * MB);
});

describe('300 MB of somebody who may', () => {
  it.each(['length', 'chunked'] as const)('is too much for an API, by %s', async (framing) => {
    const line = 'POST /v1/projects/demo-project/services/run.googleapis.com:enable HTTP/1.1';
    const sent = await flood(line, [`Authorization: Bearer ${owner}`], framing);
    expect(sent).toMatchObject({ status: 400, closed: true });
    expect(sent.taken).toBeLessThan(10 * MB + KERNEL);
  });

  it('is told in the words of the API', async () => {
    const answer = await fetch(
      `${cloud.origin}/v1/projects/demo-project/services/run.googleapis.com:enable`,
      {
        method: 'POST',
        headers: { authorization: `Bearer ${owner}` },
        body: Buffer.alloc(10 * MB + 1, ' '),
      },
    );
    expect(await answer.json()).toEqual({
      error: {
        code: 400,
        message: 'Request payload size exceeds the limit: 10485760 bytes.',
        status: 'INVALID_ARGUMENT',
      },
    });
  });

  it('is too much for a manifest', async () => {
    const answer = await fetch(`${cloud.origin}${UPLOAD.replace('blobs/uploads/', 'manifests/v1')}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${owner}` },
      body: Buffer.alloc(4 * MB + 1, ' '),
    });
    expect(answer.status).toBe(413);
    expect(await answer.json()).toEqual({
      errors: [{ code: 'SIZE_INVALID', message: 'Manifest is larger than 4194304 bytes' }],
    });
  });
});

describe('a blob', () => {
  it('has a limit, told by its length or on the way', async () => {
    const store = await BlobStore.create(1000);
    const upload = await store.begin('scope');
    await upload.append(Readable.from([Buffer.alloc(600)]), 600);
    await expect(upload.append(Readable.from([Buffer.alloc(500)]), 500)).rejects.toThrow(
      'larger than 1000 bytes',
    );
    await expect(upload.append(Readable.from([Buffer.alloc(300), Buffer.alloc(200)]))).rejects.toThrow(
      'larger',
    );
    expect(upload.offset).toBe(900);
    await store.close();
  });
});

it('is not answered where its connection ends before it, nor told as an error of the local cloud', async () => {
  const said = vi.spyOn(console, 'error');
  const socket = connect(Number(new URL(cloud.origin).port), '127.0.0.1');
  await once(socket, 'connect');
  const path = '/v1/projects/demo-project/services/run.googleapis.com:enable';
  const head = [
    `POST ${path} HTTP/1.1`,
    'Host: localhost',
    `Authorization: Bearer ${owner}`,
    'Content-Length: 9',
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n{`);
  await sleep(200);
  socket.destroy();
  await vi.waitFor(() => expect(cloud.requests.at(-1)).toMatchObject({ path, status: 499 }));
  expect(said).not.toHaveBeenCalled();
});

describe('a client that asks first (Expect: 100-continue)', () => {
  async function ask(token?: string): Promise<{ status: number; invited: boolean }> {
    const going = request(`${cloud.origin}${UPLOAD}`, {
      method: 'POST',
      headers: {
        expect: '100-continue',
        'content-length': 5,
        ...(token && { authorization: `Bearer ${token}` }),
      },
    });
    let invited = false;
    going.on('continue', () => {
      invited = true;
      going.end('hello');
    });
    going.flushHeaders();
    const [answer] = await once(going, 'response');
    answer.resume();
    going.destroy();
    return { status: answer.statusCode, invited };
  }

  it('is asked for the body only once it may send it', async () => {
    expect(await ask()).toEqual({ status: 401, invited: false });
    expect(await ask(owner)).toEqual({ status: 202, invited: true });
  });
});

describe('headers', () => {
  it('have a limit', async () => {
    const answer = await fetch(cloud.origin, { headers: { 'x-long': 'x'.repeat(20_000) } });
    expect(answer.status).toBe(431);
  });
});
