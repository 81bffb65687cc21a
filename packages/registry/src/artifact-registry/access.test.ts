import { googleCloud } from '@gangway/google-cloud';
import { serve, signedIn } from '@gangway/google-cloud/testing';
import { describe, expect, it } from 'vitest';
import { requirePush, setReaders } from './access.ts';

const NAME = 'projects/my-project/locations/us-central1/repositories/images';
const READER = 'roles/artifactregistry.reader';
const ONE = 'serviceAccount:one@my-project.iam.gserviceaccount.com';
const TWO = 'serviceAccount:two@my-project.iam.gserviceaccount.com';
const conditional = { role: READER, members: [TWO], condition: { expression: 'true' } };
const writer = { role: 'roles/artifactregistry.writer', members: [ONE] };

describe('setReaders', () => {
  it('makes exactly these members readers, and leaves all other bindings', async () => {
    const bindings = [writer, { role: READER, members: [ONE] }, conditional];
    await using server = await serve(({ method }) => ({
      body: method === 'GET' ? { version: 3, etag: 'abc', bindings } : {},
    }));
    expect(await setReaders(googleCloud(signedIn()), NAME, [TWO])).toMatchObject({
      added: [TWO],
      removed: [ONE],
    });
    expect(server.requests[0]?.path).toBe(`/v1/${NAME}:getIamPolicy?options.requestedPolicyVersion=3`);
    expect(JSON.parse(server.requests[1]?.body ?? '')).toEqual({
      policy: { version: 3, etag: 'abc', bindings: [writer, conditional, { role: READER, members: [TWO] }] },
    });
  });

  it('writes nothing where they are the readers', async () => {
    await using server = await serve(() => ({
      body: { etag: 'e', bindings: [{ role: READER, members: [TWO, ONE] }] },
    }));
    expect(await setReaders(googleCloud(signedIn()), NAME, [ONE, TWO])).toMatchObject({
      added: [],
      removed: [],
    });
    expect(server.requests).toHaveLength(1);
  });

  it('takes the role from all', async () => {
    await using server = await serve(({ method }) => ({
      body: method === 'GET' ? { etag: 'e', bindings: [{ role: READER, members: [ONE] }] } : {},
    }));
    await setReaders(googleCloud(signedIn()), NAME, []);
    expect(JSON.parse(server.requests[1]?.body ?? '')).toEqual({ policy: { etag: 'e', bindings: [] } });
  });

  it('reads the policy again when another run changed it', async () => {
    let writes = 0;
    await using server = await serve(({ method }) => {
      if (method === 'GET') return { body: { etag: `e${writes}` } };
      writes += 1;
      return writes === 1
        ? { status: 409, body: { error: { status: 'ABORTED', message: 'Stale.' } } }
        : { body: {} };
    });
    await setReaders(googleCloud(signedIn()), NAME, [ONE]);
    expect(server.requests.map(({ method }) => method)).toEqual(['GET', 'POST', 'GET', 'POST']);
    expect(server.requests[3]?.body).toContain('"etag":"e1"');
  });
});

describe('requirePush', () => {
  const both = [
    'artifactregistry.repositories.uploadArtifacts',
    'artifactregistry.repositories.downloadArtifacts',
  ];

  it('passes who may push', async () => {
    await using server = await serve(() => ({ body: { permissions: both } }));
    expect(await requirePush(googleCloud(signedIn()), NAME)).toEqual({ deletesTags: false });
    expect(JSON.parse(server.requests[0]?.body ?? '')).toEqual({
      permissions: [...both, 'artifactregistry.tags.delete'],
    });
  });

  it('tells whether they may delete tags, too', async () => {
    const permissions = [...both, 'artifactregistry.tags.delete'];
    await using _ = await serve(() => ({ body: { permissions } }));
    expect(await requirePush(googleCloud(signedIn()), NAME)).toEqual({ deletesTags: true });
  });

  it.each([[[]], [[both[1]]]])('names what those lack who have %j', async (permissions) => {
    await using _ = await serve(() => ({ body: { permissions } }));
    await expect(requirePush(googleCloud(signedIn()), NAME)).rejects.toThrow(
      `Permission "artifactregistry.repositories.uploadArtifacts" denied on resource "${NAME}"`,
    );
  });

  it('leaves it to the push where it may not be asked', async () => {
    await using _ = await serve(() => ({ status: 403, body: { error: { status: 'PERMISSION_DENIED' } } }));
    expect(await requirePush(googleCloud(signedIn()), NAME)).toEqual({ deletesTags: false });
  });
});
