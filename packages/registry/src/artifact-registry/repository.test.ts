import { googleCloud } from '@gangway/google-cloud';
import { type Answer, serve, signedIn } from '@gangway/google-cloud/testing';
import { expect, it } from 'vitest';
import { readCleanupPolicies } from './cleanup-policy.ts';
import { ensureRepository } from './repository.ts';

const IMAGE = { location: 'us-central1', project: 'my-project', repository: 'images', name: 'app' };
const PARENT = '/v1/projects/my-project/locations/us-central1/repositories';
const NAME = 'projects/my-project/locations/us-central1/repositories/images';
const WAIT = { timeout: 5000 };
const AS_IT_IS = {
  create: true,
  labels: {},
  immutableTags: undefined,
  cleanupPolicies: undefined,
  cleanupDryRun: undefined,
};
const missing: Answer = { status: 404, body: { error: { status: 'NOT_FOUND', message: 'No.' } } };
const done: Answer = { body: { name: 'operations/o', done: true, response: {} } };

it('leaves a repository of Docker images as it is', async () => {
  await using server = await serve(() => ({ body: { name: NAME, format: 'DOCKER' } }));
  expect(await ensureRepository(googleCloud(signedIn()), IMAGE, AS_IT_IS, WAIT)).toMatchObject({
    created: false,
  });
  expect(server.requests).toMatchObject([{ method: 'GET', path: `${PARENT}/images` }]);
});

it('creates a missing one, and waits until it is there', async () => {
  await using server = await serve(({ method, path }) => {
    if (method === 'POST') return { body: { name: 'operations/o' } };
    return path.startsWith('/v1/operations/') ? done : missing;
  });
  expect(await ensureRepository(googleCloud(signedIn()), IMAGE, AS_IT_IS, WAIT)).toMatchObject({
    created: true,
  });
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
  expect(await ensureRepository(googleCloud(signedIn()), IMAGE, AS_IT_IS, WAIT)).toMatchObject({
    created: false,
  });
});

it('says how to get a missing one that it may not create, and where there is one', async () => {
  await using _ = await serve(({ path }) =>
    path.includes('/europe-west1/') || path.includes('/us/')
      ? { body: { name: NAME, format: 'DOCKER' } }
      : missing,
  );
  await expect(
    ensureRepository(googleCloud(signedIn()), IMAGE, { ...AS_IT_IS, create: false }, WAIT),
  ).rejects.toMatchObject({
    code: 'repository-missing',
    message:
      'Input "image" names the Artifact Registry repository images in us-central1, which does not exist in my-project.',
    hint: 'there is one in us and europe-west1: write us-docker.pkg.dev if that is meant; else set create_repository to true, or create it: gcloud artifacts repositories create images --repository-format=docker --location=us-central1 --project=my-project',
  });
});

it('says so where there is no such location', async () => {
  await using _ = await serve(({ method }) =>
    method === 'GET'
      ? missing
      : {
          status: 404,
          body: {
            error: {
              status: 'NOT_FOUND',
              message: 'Location us-mars1 is not found or access is unauthorized.',
            },
          },
        },
  );
  await expect(
    ensureRepository(googleCloud(signedIn()), { ...IMAGE, location: 'us-mars1' }, AS_IT_IS, WAIT),
  ).rejects.toMatchObject({
    code: 'location-unknown',
    message: expect.stringContaining('the location us-mars1, which Artifact Registry does not seem to have'),
  });
});

it('refuses a repository of another format', async () => {
  await using _ = await serve(() => ({ body: { name: NAME, format: 'NPM' } }));
  await expect(ensureRepository(googleCloud(signedIn()), IMAGE, AS_IT_IS, WAIT)).rejects.toMatchObject({
    code: 'repository-format',
    message: expect.stringContaining('NPM packages'),
  });
});

it.each([
  ['REMOTE_REPOSITORY', 'a remote repository'],
  ['VIRTUAL_REPOSITORY', 'a virtual repository'],
])('refuses a %s', async (mode, words) => {
  await using _ = await serve(() => ({ body: { name: NAME, format: 'DOCKER', mode } }));
  await expect(ensureRepository(googleCloud(signedIn()), IMAGE, AS_IT_IS, WAIT)).rejects.toMatchObject({
    message: expect.stringContaining(words),
  });
});

const WANTED = {
  create: true,
  labels: { team: 'forecast' },
  immutableTags: true,
  cleanupPolicies: readCleanupPolicies(
    '[{"name":"old","action":{"type":"Delete"},"condition":{"olderThan":"30d"}}]',
  ),
  cleanupDryRun: true,
};
const AS_WANTED = {
  labels: { team: 'forecast' },
  dockerConfig: { immutableTags: true },
  cleanupPolicies: { old: { id: 'old', action: 'DELETE', condition: { olderThan: '2592000s' } } },
  cleanupPolicyDryRun: true,
};

it('creates one with its settings', async () => {
  await using server = await serve(({ method }) => (method === 'POST' ? done : missing));
  await ensureRepository(googleCloud(signedIn()), IMAGE, WANTED, WAIT);
  expect(JSON.parse(server.requests[1]?.body ?? '')).toEqual({ format: 'DOCKER', ...AS_WANTED });
});

it('changes only what differs, in one request', async () => {
  await using server = await serve(() => ({
    body: { name: NAME, format: 'DOCKER', ...AS_WANTED, labels: { tier: 'web' }, cleanupPolicyDryRun: false },
  }));
  expect(await ensureRepository(googleCloud(signedIn()), IMAGE, WANTED, WAIT)).toEqual({
    created: false,
    immutableTags: true,
    changes: ['labels team=forecast', 'cleanup only logs what it would delete'],
  });
  const [, patch] = server.requests;
  expect(server.requests).toHaveLength(2);
  expect(patch).toMatchObject({
    method: 'PATCH',
    path: `${PARENT}/images?updateMask=labels%2CcleanupPolicyDryRun`,
  });
  expect(JSON.parse(patch?.body ?? '')).toMatchObject({
    labels: { tier: 'web', team: 'forecast' },
    cleanupPolicyDryRun: true,
  });
});

it('writes nothing where all is as requested, however Google writes it down', async () => {
  const condition = { tagState: 'ANY', olderThan: '2592000s' };
  const cleanupPolicies = { old: { condition, action: 'DELETE', id: 'old' } };
  await using server = await serve(() => ({
    body: { name: NAME, format: 'DOCKER', ...AS_WANTED, cleanupPolicies },
  }));
  expect(await ensureRepository(googleCloud(signedIn()), IMAGE, WANTED, WAIT)).toMatchObject({ changes: [] });
  expect(server.requests).toHaveLength(1);
});

it('takes away what it is told to', async () => {
  await using server = await serve(() => ({ body: { name: NAME, format: 'DOCKER', ...AS_WANTED } }));
  const none = { create: true, labels: {}, immutableTags: false, cleanupPolicies: {}, cleanupDryRun: false };
  expect(await ensureRepository(googleCloud(signedIn()), IMAGE, none, WAIT)).toEqual({
    created: false,
    immutableTags: false,
    changes: ['tags may be moved', 'cleanup policies none', 'cleanup deletes'],
  });
  expect(JSON.parse(server.requests[1]?.body ?? '')).toMatchObject({ cleanupPolicies: {} });
});

it('passes on what else Google says', async () => {
  await using _ = await serve(() => ({
    status: 403,
    body: { error: { status: 'PERMISSION_DENIED', message: 'No.' } },
  }));
  await expect(ensureRepository(googleCloud(signedIn()), IMAGE, AS_IT_IS, WAIT)).rejects.toMatchObject({
    httpStatus: 403,
  });
});

it("names a project of an old domain as Google's APIs do", async () => {
  await using server = await serve(() => ({ body: { name: NAME, format: 'DOCKER' } }));
  await ensureRepository(googleCloud(signedIn()), { ...IMAGE, project: 'example.com/old' }, AS_IT_IS, WAIT);
  expect(server.requests[0]?.path).toBe(
    '/v1/projects/example.com:old/locations/us-central1/repositories/images',
  );
});
