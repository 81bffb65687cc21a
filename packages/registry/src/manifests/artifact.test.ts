import { type Received, serve, signedIn } from '@gangway/google-cloud/testing';
import { expect, it } from 'vitest';
import { getArtifact, putArtifact } from './artifact.ts';

const TYPE = 'application/vnd.example.v1';
const SUBJECT = { digest: `sha256:${'a'.repeat(64)}`, mediaType: 'application/vnd.oci.image.index.v1+json' };

/** A registry that keeps what is put, as far as one document needs it. */
function registry() {
  const held = new Map<string, string>();
  const serveRegistry = ({ method, path, body }: Received) => {
    if (method === 'POST')
      return { status: 202, headers: { location: '/v2/p/r/app/blobs/uploads/1?state=x' } };
    const digest = /digest=(.*)$/.exec(path)?.[1];
    const key = digest ? `/v2/p/r/app/blobs/${digest}` : path;
    if (method === 'PUT') {
      held.set(key, body);
      return { status: 201 };
    }
    const text = held.get(path);
    return text === undefined ? { status: 404 } : { body: text };
  };
  return { held, serveRegistry };
}

it.each([
  ['a small document, by one request', '{"openapi":"3.1.0"}', 1],
  ['a large one, by two', 'x'.repeat(1024 * 1024 + 1), 2],
])('keeps and gives %s', async (_, text, count) => {
  const { serveRegistry } = registry();
  await using server = await serve(serveRegistry);
  const image = `${server.host}/p/r/app`;
  const artifact = { type: TYPE, mediaType: 'application/json', content: Buffer.from(text) };
  await putArtifact(signedIn(), image, 'key', artifact, { ...SUBJECT, bytes: Buffer.from('{}') });
  const written = server.requests.length;
  expect(await getArtifact(signedIn(), image, 'key', TYPE)).toEqual(artifact);
  expect(server.requests.length - written).toBe(count);
});

it('refers to the image that it is about', async () => {
  const { held, serveRegistry } = registry();
  await using server = await serve(serveRegistry);
  const artifact = { type: TYPE, mediaType: 'application/json', content: Buffer.from('{}') };
  await putArtifact(signedIn(), `${server.host}/p/r/app`, 'key', artifact, {
    ...SUBJECT,
    bytes: Buffer.from('{}'),
  });
  expect(JSON.parse(held.get('/v2/p/r/app/manifests/key') ?? '')).toMatchObject({
    artifactType: TYPE,
    config: { mediaType: 'application/vnd.oci.empty.v1+json', size: 2 },
    subject: { ...SUBJECT, size: 2 },
  });
});

it('takes none of another type, and none that is not what its digest says', async () => {
  const layer = { mediaType: 'text/plain', digest: 'sha256:0', size: 1, data: 'AA==' };
  await using server = await serve(() => ({
    body: { schemaVersion: 2, artifactType: TYPE, layers: [layer] },
  }));
  expect(await getArtifact(signedIn(), `${server.host}/p/r/app`, 'key', 'other')).toBeUndefined();
  expect(await getArtifact(signedIn(), `${server.host}/p/r/app`, 'key', TYPE)).toBeUndefined();
});

it('sends no token to another host', async () => {
  await using server = await serve(() => ({
    status: 202,
    headers: { location: 'https://evil.example.com/upload' },
  }));
  const artifact = { type: TYPE, mediaType: 'application/json', content: Buffer.from('{}') };
  await expect(
    putArtifact(signedIn(), `${server.host}/p/r/app`, 'key', artifact, {
      ...SUBJECT,
      bytes: Buffer.from(''),
    }),
  ).rejects.toThrow('points to another host, evil.example.com');
});
