import { serve, signedIn } from '@gangway/google-cloud/testing';
import { expect, it } from 'vitest';
import { digestOf } from './held-manifest.ts';
import { setTag } from './set-tag.ts';

const TYPE = 'application/vnd.oci.image.index.v1+json';
// Not as JSON.stringify would write it: the digest is of these bytes.
const TEXT = '{ "schemaVersion": 2,\n  "manifests": [] }';
const DIGEST = digestOf(Buffer.from(TEXT));

it('sends the very bytes of the manifest, under its type', async () => {
  await using server = await serve(({ method }) =>
    method === 'GET' ? { headers: { 'content-type': TYPE }, body: TEXT } : { status: 201 },
  );
  await setTag(signedIn(), `${server.host}/p/r/app`, DIGEST, 'v1');
  expect(server.requests).toMatchObject([
    { method: 'GET', path: `/v2/p/r/app/manifests/${DIGEST}` },
    {
      method: 'PUT',
      path: '/v2/p/r/app/manifests/v1',
      headers: { authorization: 'Bearer a-token', 'content-type': TYPE },
      body: TEXT,
    },
  ]);
});

it('tries again what may pass', async () => {
  await using server = await serve((_, number) =>
    number === 1
      ? { status: 429 }
      : number === 2
        ? { headers: { 'content-type': TYPE }, body: TEXT }
        : number === 3
          ? 'reset'
          : { status: 201 },
  );
  await setTag(signedIn(), `${server.host}/p/r/app`, DIGEST, 'v1');
  expect(server.requests.map(({ method }) => method)).toEqual(['GET', 'GET', 'PUT', 'PUT']);
});

it('passes on what the registry says', async () => {
  await using server = await serve(({ method }) =>
    method === 'GET'
      ? { headers: { 'content-type': TYPE }, body: TEXT }
      : { status: 403, body: { errors: [{ code: 'DENIED', message: 'The tag "v1" is immutable.' }] } },
  );
  await expect(setTag(signedIn(), `${server.host}/p/r/app`, DIGEST, 'v1')).rejects.toMatchObject({
    code: 'registry',
    message: `The registry answered PUT http://${server.host}/v2/p/r/app/manifests/v1 with 403: The tag "v1" is immutable.`,
    hint: expect.stringContaining('roles/artifactregistry.writer'),
  });
});

it.each([404, 200])('takes %i for no sign that the tag is set', async (status) => {
  await using server = await serve(({ method }) =>
    method === 'GET' ? { headers: { 'content-type': TYPE }, body: TEXT } : { status, body: '<html></html>' },
  );
  await expect(setTag(signedIn(), `${server.host}/p/r/app`, DIGEST, 'v1')).rejects.toMatchObject({
    code: 'registry',
    message: expect.stringContaining(`/manifests/v1 with ${status}`),
  });
});
