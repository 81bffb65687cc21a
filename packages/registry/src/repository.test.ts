import { googleCloud } from '@gangway/google-cloud';
import { type Answer, serve, signedIn } from '@gangway/google-cloud/testing';
import { expect, it } from 'vitest';
import { ensureRepository } from './repository.ts';

const IMAGE = { location: 'us-central1', project: 'my-project', repository: 'images', name: 'app' };
const PARENT = '/v1/projects/my-project/locations/us-central1/repositories';
const WAIT = { timeout: 5000 };
const missing: Answer = { status: 404, body: { error: { status: 'NOT_FOUND', message: 'No.' } } };
const done: Answer = { body: { name: 'operations/o', done: true, response: {} } };

it('leaves a repository of Docker images as it is', async () => {
  await using server = await serve(() => ({ body: { format: 'DOCKER' } }));
  expect(await ensureRepository(googleCloud(signedIn()), IMAGE, true, WAIT)).toBe(false);
  expect(server.requests).toMatchObject([{ method: 'GET', path: `${PARENT}/images` }]);
});

it('creates a missing one, and waits until it is there', async () => {
  await using server = await serve(({ method, path }) => {
    if (method === 'POST') return { body: { name: 'operations/o' } };
    return path.startsWith('/v1/operations/') ? done : missing;
  });
  expect(await ensureRepository(googleCloud(signedIn()), IMAGE, true, WAIT)).toBe(true);
  expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    `GET ${PARENT}/images`,
    `POST ${PARENT}?repositoryId=images`,
    'GET /v1/operations/o',
  ]);
  expect(JSON.parse(server.requests[1]?.body ?? '')).toEqual({ format: 'DOCKER' });
});

it('does not mind another run that was faster', async () => {
  await using _ = await serve(({ method }) =>
    method === 'POST' ? { status: 409, body: { error: { status: 'ALREADY_EXISTS' } } } : missing,
  );
  expect(await ensureRepository(googleCloud(signedIn()), IMAGE, true, WAIT)).toBe(false);
});

it('says how to get a missing one that it may not create', async () => {
  await using server = await serve(() => missing);
  await expect(ensureRepository(googleCloud(signedIn()), IMAGE, false, WAIT)).rejects.toMatchObject({
    code: 'repository-missing',
    message:
      'Input "image" names the Artifact Registry repository images in us-central1, which does not exist in my-project.',
    hint: expect.stringContaining('create_repository'),
  });
  expect(server.requests).toHaveLength(1);
});

it('refuses a repository of another format', async () => {
  await using _ = await serve(() => ({ body: { format: 'NPM' } }));
  await expect(ensureRepository(googleCloud(signedIn()), IMAGE, true, WAIT)).rejects.toMatchObject({
    code: 'repository-format',
    message: expect.stringContaining('NPM packages'),
  });
});

it('passes on what else Google says', async () => {
  await using _ = await serve(() => ({
    status: 403,
    body: { error: { status: 'PERMISSION_DENIED', message: 'No.' } },
  }));
  await expect(ensureRepository(googleCloud(signedIn()), IMAGE, true, WAIT)).rejects.toMatchObject({
    httpStatus: 403,
  });
});

it("names a project of an old domain as Google's APIs do", async () => {
  await using server = await serve(() => ({ body: { format: 'DOCKER' } }));
  await ensureRepository(googleCloud(signedIn()), { ...IMAGE, project: 'example.com/old' }, true, WAIT);
  expect(server.requests[0]?.path).toBe(
    '/v1/projects/example.com:old/locations/us-central1/repositories/images',
  );
});
