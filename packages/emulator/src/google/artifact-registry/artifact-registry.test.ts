import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildImage, pushImage } from '../../../test/image.ts';
import { type RunningCloud, startCloud } from '../../cloud.ts';
import { user } from '../../kernel/principal.ts';

const PARENT = 'projects/demo-project/locations/us-central1';

let cloud: RunningCloud;
let token: string;

beforeAll(async () => {
  cloud = await startCloud();
  token = cloud.tokens.issue(user('owner@example.com'), 3600).token;
});
afterAll(() => cloud.close());

describe('repositories', () => {
  it('are created by an operation whose response is the repository', async () => {
    const { body } = await send('POST', `${PARENT}/repositories?repositoryId=one`, {
      format: 'DOCKER',
      mode: 'MODE_UNSPECIFIED',
      labels: { a: 'b' },
    });
    expect(body).not.toHaveProperty('done');
    expect(body).toMatchObject({
      metadata: { '@type': 'type.googleapis.com/google.devtools.artifactregistry.v1.OperationMetadata' },
    });
    await expect
      .poll(async () => (await send('GET', String(body.name))).body)
      .toMatchObject({
        done: true,
        response: {
          '@type': 'type.googleapis.com/google.devtools.artifactregistry.v1.Repository',
          name: `${PARENT}/repositories/one`,
          mode: 'STANDARD_REPOSITORY',
        },
      });
    expect((await send('GET', `${PARENT}/repositories/one`)).body).toMatchObject({
      format: 'DOCKER',
      labels: { a: 'b' },
      registryUri: 'us-central1-docker.pkg.dev/demo-project/one',
    });
  });

  it('are refused in the words of the real API', async () => {
    await send('POST', `${PARENT}/repositories?repositoryId=taken`, { format: 'DOCKER' });
    expect(
      await send('POST', `${PARENT}/repositories?repositoryId=taken`, { format: 'DOCKER' }),
    ).toMatchObject({
      status: 409,
      body: { error: { message: 'the repository already exists', status: 'ALREADY_EXISTS' } },
    });
    expect((await send('GET', `${PARENT}/repositories/nope`)).body).toEqual({
      error: { code: 404, message: 'Requested entity was not found.', status: 'NOT_FOUND' },
    });
    expect((await send('POST', `${PARENT}/repositories?repositoryId=No`, { format: 'DOCKER' })).status).toBe(
      400,
    );
    expect((await send('POST', `${PARENT}/repositories?repositoryId=none`, {})).status).toBe(400);
    expect(
      (
        await send('POST', `${PARENT.replace('us-central1', 'mars')}/repositories?repositoryId=x`, {
          format: 'DOCKER',
        })
      ).status,
    ).toBe(404);
    const stranger = cloud.tokens.issue(user('stranger@example.com'), 60).token;
    expect((await send('GET', `${PARENT}/repositories/taken`, undefined, stranger)).status).toBe(403);
  });

  it('change only what the mask names, and go away', async () => {
    await send('POST', `${PARENT}/repositories?repositoryId=two`, {
      format: 'DOCKER',
      description: 'before',
    });
    const patch = { description: 'after', dockerConfig: { immutableTags: true } };
    const { body } = await send(
      'PATCH',
      `${PARENT}/repositories/two?updateMask=docker_config.immutable_tags`,
      patch,
    );
    expect(body).toMatchObject({ description: 'before', dockerConfig: { immutableTags: true } });
    expect((await send('DELETE', `${PARENT}/repositories/two`)).status).toBe(200);
    expect((await send('GET', `${PARENT}/repositories/two`)).status).toBe(404);
  });

  it('lose what a mask names and a patch has not', async () => {
    await send('POST', `${PARENT}/repositories?repositoryId=three`, {
      format: 'DOCKER',
      labels: { a: 'b' },
      cleanupPolicies: {
        old: { id: 'old', action: 'Delete', condition: { tagState: 'any', olderThan: '86400.0s' } },
      },
    });
    const { body } = await send(
      'PATCH',
      `${PARENT}/repositories/three?updateMask=labels,cleanup_policy_dry_run`,
      {
        cleanupPolicyDryRun: true,
        description: 'not named',
      },
    );
    expect(body).toMatchObject({
      cleanupPolicies: { old: { action: 'DELETE', condition: { tagState: 'ANY', olderThan: '86400s' } } },
      cleanupPolicyDryRun: true,
    });
    expect(body).not.toHaveProperty('labels');
    expect(body).not.toHaveProperty('description');
  });

  it.each([
    [{ labels: { Team: 'x' } }, "Invalid label key: 'Team'"],
    [
      { dockerConfig: { immutableTags: 'yes' } },
      '\'repository.docker_config.immutable_tags\' (TYPE_BOOL), "yes"',
    ],
    [{ cleanupPolicies: { a: { id: 'a', action: 'BURN', condition: {} } } }, '.action'],
    [{ cleanupPolicies: { a: { id: 'b', action: 'KEEP', condition: {} } } }, 'must be its key "a"'],
    [{ cleanupPolicies: { a: { id: 'a', action: 'KEEP' } } }, 'either condition or most_recent_versions'],
    [
      { cleanupPolicies: { a: { id: 'a', action: 'DELETE', mostRecentVersions: {} } } },
      'only be specified with a Keep',
    ],
    [
      { cleanupPolicies: { a: { id: 'a', action: 'KEEP', condition: { olderThan: '30d' } } } },
      "duration must end with 's'",
    ],
    [{ cleanupPolicies: { a: { id: 'a', action: 'KEEP', condition: { age: '1s' } } } }, 'Unknown name "age"'],
  ])('refuse %j', async (settings, message) => {
    await send('POST', `${PARENT}/repositories?repositoryId=four`, { format: 'DOCKER' });
    const { status, body } = await send('PATCH', `${PARENT}/repositories/four`, settings);
    expect(status).toBe(400);
    expect((body.error as { message: string }).message).toContain(message);
  });

  it('tell anybody what they may do', async () => {
    await send('POST', `${PARENT}/repositories?repositoryId=five`, { format: 'DOCKER' });
    const asked = { permissions: ['artifactregistry.repositories.uploadArtifacts', 'run.services.get'] };
    const ask = (as?: string) => send('POST', `${PARENT}/repositories/five:testIamPermissions`, asked, as);
    expect((await ask()).body).toEqual(asked);
    expect((await ask(cloud.tokens.issue(user('stranger@example.com'), 60).token)).body).toEqual({});
    expect((await ask('none')).status).toBe(401);
  });

  it('of a host of Container Registry are where it has to be', async () => {
    const path = (location: string) =>
      `${PARENT.replace('us-central1', location)}/repositories?repositoryId=gcr.io`;
    expect((await send('POST', path('us-central1'), { format: 'DOCKER' })).status).toBe(400);
    expect((await send('POST', path('us'), { format: 'NPM' })).status).toBe(400);
    expect((await send('POST', path('us'), { format: 'DOCKER' })).status).toBe(200);
  });

  it('are listed in pages, of one location or of all', async () => {
    await send('POST', `${PARENT.replace('us-central1', 'europe-west1')}/repositories?repositoryId=afar`, {
      format: 'DOCKER',
    });
    const first = await send('GET', `${PARENT.replace('us-central1', '-')}/repositories?pageSize=2`);
    const rest = await send(
      'GET',
      `${PARENT.replace('us-central1', '-')}/repositories?pageToken=${first.body.nextPageToken}`,
    );
    const names = [first, rest].flatMap(({ body }) =>
      (body.repositories as { name: string }[]).map(({ name }) => name),
    );
    expect(first.body.repositories).toHaveLength(2);
    expect(names).toContain('projects/demo-project/locations/europe-west1/repositories/afar');
    const { body } = await send('GET', `${PARENT}/repositories`);
    expect(JSON.stringify(body)).not.toContain('afar');
  });
});

describe('images', () => {
  const image = buildImage([{ path: 'a', mode: 0o644, content: 'a' }]);
  const { digest } = image.manifest;
  const root = `${PARENT}/repositories/images`;

  beforeAll(async () => {
    await send('POST', `${PARENT}/repositories?repositoryId=images`, { format: 'DOCKER' });
    const repository = `${cloud.origin}/v2/us-central1-docker.pkg.dev/demo-project/images/team/web`;
    await pushImage(repository, token, image, 'v1');
    await pushImage(repository, token, image, 'latest');
  });

  it('are shown as gcloud artifacts docker images list wants them', async () => {
    const { body } = await send('GET', `${root}/dockerImages`);
    expect(body.dockerImages).toMatchObject([
      {
        name: `${root}/dockerImages/team%2Fweb@${digest}`,
        uri: `us-central1-docker.pkg.dev/demo-project/images/team/web@${digest}`,
        tags: ['latest', 'v1'],
        imageSizeBytes: String(image.blobs.reduce((sum, { bytes }) => sum + bytes.length, 0)),
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        buildTime: '2024-01-02T03:04:05Z',
      },
    ]);
    const one = await send('GET', `${root}/dockerImages/team%252Fweb@${digest}`);
    expect(one.body.uri).toContain('/team/web@');
    expect((await send('GET', `${root}/dockerImages/team%2Fweb@sha256:${'0'.repeat(64)}`)).status).toBe(404);
  });

  it('are packages with versions and tags, their slashes escaped once or, by gcloud, twice', async () => {
    const name = `${root}/packages/team%2Fweb`;
    expect((await send('GET', `${root}/packages`)).body.packages).toMatchObject([{ name }]);
    for (const path of [name, name.replace('%', '%25')]) {
      const { body } = await send('GET', `${path}/versions?view=FULL`);
      const related = ['latest', 'v1'].map((tag) => ({
        name: `${name}/tags/${tag}`,
        version: `${name}/versions/${digest}`,
      }));
      expect(body.versions).toMatchObject([{ name: `${name}/versions/${digest}`, relatedTags: related }]);
    }
    const filter = encodeURIComponent(`version="${name}/versions/${digest}"`);
    expect((await send('GET', `${name}/tags?filter=${filter}`)).body.tags).toHaveLength(2);
  });

  it('lose their tags one by one, a tagged version only by force, and what an index names after it', async () => {
    const name = `${root}/packages/team%2Fweb`;
    expect(
      (await send('POST', `${name}/tags?tagId=new`, { version: `${name}/versions/${digest}` })).status,
    ).toBe(200);
    expect(
      (await send('POST', `${name}/tags?tagId=new`, { version: `${name}/versions/${digest}` })).status,
    ).toBe(409);
    expect((await send('DELETE', `${name}/tags/new`)).status).toBe(200);
    expect((await send('GET', `${name}/tags/new`)).status).toBe(404);
    expect((await send('DELETE', `${name}/versions/${digest}`)).body.error).toMatchObject({
      status: 'FAILED_PRECONDITION',
    });
    const { images } = cloud.artifactRegistry.find(root) ?? {};
    const single = images?.resolve('team/web', digest);
    if (!images || !single) throw new Error('the image is gone');
    const child = { mediaType: single.mediaType, digest, size: single.bytes.length };
    const index = { ...single, digest: `sha256:${'1'.repeat(64)}`, blobs: [], manifests: [child] };
    images.put('team/web', index, { now: 0, buildTime: undefined, tag: undefined });
    expect((await send('DELETE', `${name}/versions/${digest}?force=true`)).body.error).toMatchObject({
      status: 'FAILED_PRECONDITION',
      message: expect.stringContaining('is still referenced by one or more parent images'),
    });
    expect((await send('DELETE', `${name}/versions/${index.digest}`)).status).toBe(200);
    expect((await send('DELETE', `${name}/versions/${digest}?force=true`)).status).toBe(200);
    expect((await send('GET', `${name}/versions`)).status).toBe(404);
  });
});

it('lists its locations for gcloud', async () => {
  const response = await fetch(`${cloud.origin}/v1beta2/projects/demo-project/locations`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(JSON.stringify(await response.json())).toContain('"us-central1"');
});

async function send(
  method: string,
  path: string,
  body?: unknown,
  as = token,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${cloud.origin}/v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${as}` },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
