import { serve, signedIn } from '@gangway/google-cloud/testing';
import { expect, it } from 'vitest';
import { manifestDigest } from './manifest.ts';

const DIGEST = `sha256:${'b'.repeat(64)}`;

it('asks the registry with the token, for indexes and manifests alike, and reads the digest', async () => {
  await using server = await serve(() => ({ headers: { 'docker-content-digest': DIGEST } }));
  expect(await manifestDigest(signedIn(), `${server.host}/p/r/app`, 'v1')).toBe(DIGEST);
  expect(server.requests).toMatchObject([
    {
      method: 'HEAD',
      path: '/v2/p/r/app/manifests/v1',
      headers: { authorization: 'Bearer a-token' },
    },
  ]);
  const accept = String(server.requests[0]?.headers.accept);
  for (const type of ['image.index', 'manifest.list', 'image.manifest', 'distribution.manifest'])
    expect(accept).toContain(type);
});

it('knows that an image is not there', async () => {
  await using server = await serve(() => ({ status: 404 }));
  expect(await manifestDigest(signedIn(), `${server.host}/p/r/app`, 'v1')).toBeUndefined();
  expect(server.requests).toHaveLength(1);
});

it('tries again what may pass', async () => {
  await using server = await serve((_, number) =>
    number === 1
      ? { status: 503 }
      : number === 2
        ? 'reset'
        : { headers: { 'docker-content-digest': DIGEST } },
  );
  expect(await manifestDigest(signedIn(), `${server.host}/p/r/app`, 'v1')).toBe(DIGEST);
  expect(server.requests).toHaveLength(3);
});

it('says which role reads a repository that refuses', async () => {
  await using server = await serve(() => ({ status: 403 }));
  const image = `${server.host}/us-central1-docker.pkg.dev/p/r/app`;
  await expect(manifestDigest(signedIn(), image, 'v1')).rejects.toMatchObject({
    code: 'registry',
    message: `The registry answered HEAD http://${server.host}/v2/us-central1-docker.pkg.dev/p/r/app/manifests/v1 with 403, which needs the permission "artifactregistry.repositories.downloadArtifacts" on resource "projects/p/locations/us-central1/repositories/r".`,
    hint: expect.stringContaining('roles/artifactregistry.reader'),
  });
  expect(server.requests).toHaveLength(1);
});
