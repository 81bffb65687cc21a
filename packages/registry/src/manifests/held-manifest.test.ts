import { serve, signedIn } from '@gangway/google-cloud/testing';
import { expect, it } from 'vitest';
import { digestOf, getManifest } from './held-manifest.ts';
import { setTag } from './set-tag.ts';

// Blanks and the order of names are part of what the digest is made of.
const BYTES = '{ "schemaVersion":2,\n "b":1,"a":"é" }';
const DIGEST = digestOf(Buffer.from(BYTES));
const TYPE = 'application/vnd.oci.image.manifest.v1+json';

it('hands a manifest on byte for byte', async () => {
  await using server = await serve(({ method }) =>
    method === 'GET' ? { headers: { 'content-type': TYPE }, body: BYTES } : { status: 201 },
  );
  const image = `${server.host}/p/r/app`;
  const held = await getManifest(signedIn(), image, 'v1');
  expect(held).toMatchObject({ digest: digestOf(Buffer.from(BYTES)), mediaType: TYPE });
  if (held) await setTag(signedIn(), image, held, 'v2');
  expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'GET /v2/p/r/app/manifests/v1',
    'PUT /v2/p/r/app/manifests/v2',
  ]);
  expect(server.requests[1]).toMatchObject({ body: BYTES, headers: { 'content-type': TYPE } });
});

it('asks for a manifest that it was only told the digest of', async () => {
  await using server = await serve(({ method }) =>
    method === 'GET' ? { headers: { 'content-type': TYPE }, body: BYTES } : { status: 201 },
  );
  await setTag(signedIn(), `${server.host}/p/r/app`, DIGEST, 'v2');
  expect(server.requests.map(({ method }) => method)).toEqual(['GET', 'PUT']);
});

it('knows that there is none', async () => {
  await using server = await serve(() => ({ status: 404 }));
  expect(await getManifest(signedIn(), `${server.host}/p/r/app`, 'v1')).toBeUndefined();
  await expect(setTag(signedIn(), `${server.host}/p/r/app`, DIGEST, 'v2')).rejects.toThrow(
    'The registry does not have',
  );
});

it('says what the registry said, and which role writes', async () => {
  await using server = await serve(({ method }) =>
    method === 'GET'
      ? { headers: { 'content-type': TYPE }, body: BYTES }
      : { status: 403, body: { errors: [{ code: 'DENIED', message: 'Permission "x" denied' }] } },
  );
  await expect(setTag(signedIn(), `${server.host}/p/r/app`, DIGEST, 'v2')).rejects.toMatchObject({
    code: 'registry',
    message: expect.stringContaining('with 403: Permission "x" denied'),
    hint: expect.stringContaining('roles/artifactregistry.writer'),
  });
});
