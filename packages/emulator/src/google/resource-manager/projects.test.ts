import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caller, tokenOf } from '../../../test/client.ts';
import { type RunningCloud, startCloud } from '../../cloud.ts';
import { OWNER } from '../../seeded.ts';

let cloud: RunningCloud;
let owner: ReturnType<typeof caller>;
let stranger: ReturnType<typeof caller>;
beforeAll(async () => {
  cloud = await startCloud();
  owner = caller(cloud, tokenOf(cloud, OWNER));
  stranger = caller(cloud, tokenOf(cloud, 'stranger@example.com'));
});
afterAll(() => cloud.close());

describe('the project', () => {
  it.each(['demo-project', '123456789012'])('is found as %s', async (project) => {
    expect((await owner('GET', `/v1/projects/${project}`)).body).toMatchObject({
      projectId: 'demo-project',
      projectNumber: '123456789012',
      lifecycleState: 'ACTIVE',
    });
    expect((await owner('GET', `/v3/projects/${project}`)).body).toMatchObject({
      name: 'projects/123456789012',
      state: 'ACTIVE',
    });
  });

  it('is refused to a stranger, like one that is not there', async () => {
    expect((await stranger('GET', '/v1/projects/demo-project')).status).toBe(403);
    expect((await owner('GET', '/v1/projects/other-project')).status).toBe(403);
    expect((await caller(cloud)('GET', '/v1/projects/demo-project')).status).toBe(401);
  });

  it('is listed for who may see it', async () => {
    expect((await owner('GET', '/v1/projects')).body).toMatchObject({
      projects: [{ projectId: 'demo-project' }],
    });
    expect((await stranger('GET', '/v1/projects')).body).toEqual({});
    expect((await owner('GET', '/v3/projects:search')).body).toMatchObject({
      projects: [{ projectId: 'demo-project' }],
    });
  });
});

describe("the project's allow policy", () => {
  it.each(['v1', 'v3'])('is read and changed through %s', async (version) => {
    const path = `/${version}/projects/demo-project`;
    const { body } = await owner('POST', `${path}:getIamPolicy`, {});
    const member = `user:${version}@example.com`;
    const bindings = [...(body.bindings as object[]), { role: 'roles/viewer', members: [member] }];
    expect((await stranger('POST', `${path}:setIamPolicy`, { policy: { bindings } })).status).toBe(403);
    expect(
      (await owner('POST', `${path}:setIamPolicy`, { policy: { etag: body.etag, bindings } })).status,
    ).toBe(200);
    const granted = caller(cloud, tokenOf(cloud, `${version}@example.com`));
    expect((await granted('GET', path)).status).toBe(200);
    expect(
      (await owner('POST', `${path}:setIamPolicy`, { policy: { etag: body.etag, bindings: [] } })).status,
    ).toBe(409);
  });

  it('can be asked what one holds', async () => {
    const permissions = ['run.services.get', 'run.services.create'];
    const deployer = caller(cloud, tokenOf(cloud, 'deployer@demo-project.iam.gserviceaccount.com'));
    const path = '/v1/projects/demo-project:testIamPermissions';
    expect((await deployer('POST', path, { permissions })).body).toEqual({ permissions });
    expect((await stranger('POST', path, { permissions })).body).toEqual({});
  });
});
