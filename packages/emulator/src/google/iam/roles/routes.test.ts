import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caller, tokenOf } from '../../../../test/client.ts';
import { type RunningCloud, startCloud } from '../../../cloud.ts';
import { OWNER } from '../../../seeded.ts';

const PROJECT = 'projects/demo-project';
const ROLES = `/v1/${PROJECT}/roles`;

let cloud: RunningCloud;
let owner: ReturnType<typeof caller>;
let person: ReturnType<typeof caller>;
beforeAll(async () => {
  cloud = await startCloud();
  owner = caller(cloud, tokenOf(cloud, OWNER));
  person = caller(cloud, tokenOf(cloud, 'person@example.com'));
});
afterAll(() => cloud.close());

const bind = (role: string) =>
  owner('POST', `/v1/${PROJECT}:setIamPolicy`, {
    policy: {
      bindings: [
        { role: 'roles/owner', members: [`user:${OWNER}`] },
        { role, members: ['user:person@example.com'] },
      ],
    },
  });

describe('a custom role', () => {
  it('grants what it holds, as long as it does', async () => {
    const role = { title: 'Looks', stage: 'GA', includedPermissions: ['run.services.list'] };
    const { body } = await owner('POST', ROLES, { roleId: 'looks', role });
    expect(body).toMatchObject({ name: `${PROJECT}/roles/looks`, ...role, etag: expect.any(String) });
    const look = async () => (await person('GET', `/v2/${PROJECT}/locations/us-central1/services`)).status;
    expect(await look()).toBe(403);
    expect((await bind(`${PROJECT}/roles/looks`)).status).toBe(200);
    expect(await look()).toBe(200);
    await owner('PATCH', `${ROLES}/looks?updateMask=includedPermissions`, {
      includedPermissions: ['run.services.get'],
    });
    expect(await look()).toBe(403);
    await owner('PATCH', `${ROLES}/looks?updateMask=includedPermissions`, role);
    await owner('DELETE', `${ROLES}/looks`);
    expect(await look()).toBe(403);
    expect((await owner('GET', ROLES)).body).toEqual({});
    await owner('POST', `${ROLES}/looks:undelete`, {});
    expect(await look()).toBe(200);
  });

  it('is refused when it names what is no permission, or has a bad id or stage', async () => {
    const status = async (roleId: string, role: object) =>
      (await owner('POST', ROLES, { roleId, role })).body.error;
    expect(await status('typo', { includedPermissions: ['run.service.get'] })).toMatchObject({
      status: 'INVALID_ARGUMENT',
      message: 'Permission run.service.get is not valid.',
    });
    expect(await status('a-b', {})).toMatchObject({ status: 'INVALID_ARGUMENT' });
    expect(await status('stage', { stage: 'DONE' })).toMatchObject({ status: 'INVALID_ARGUMENT' });
    // Of services that are not here only the form can be judged.
    expect(await status('elsewhere', { includedPermissions: ['pubsub.topics.publish'] })).toBeUndefined();
    expect(await status('elsewhere', {})).toMatchObject({ status: 'ALREADY_EXISTS' });
  });

  it('must be there to be bound, and is only its makers’ to make', async () => {
    expect((await bind(`${PROJECT}/roles/nothing`)).body.error).toMatchObject({
      status: 'INVALID_ARGUMENT',
      message: `Role (${PROJECT}/roles/nothing) does not exist in the resource's hierarchy.`,
    });
    expect((await person('POST', ROLES, { roleId: 'mine', role: {} })).body.error).toMatchObject({
      message: `Permission 'iam.roles.create' denied on '${PROJECT}'`,
    });
    expect((await owner('GET', `${ROLES}/nothing`)).status).toBe(404);
  });

  it('keeps a change that came between', async () => {
    const { body } = await owner('POST', ROLES, { roleId: 'shared', role: {} });
    await owner('PATCH', `${ROLES}/shared`, { title: 'First', etag: body.etag });
    expect((await owner('PATCH', `${ROLES}/shared`, { title: 'Late', etag: body.etag })).status).toBe(409);
  });
});

it('shows predefined roles and what a custom one may hold', async () => {
  const { body } = await owner('GET', '/v1/roles/run.invoker');
  expect(body).toMatchObject({
    includedPermissions: ['run.instances.invoke', 'run.jobs.run', 'run.routes.invoke'],
  });
  const permissions: unknown[] = [];
  for (let pageToken: unknown = ''; pageToken !== undefined; ) {
    const page = await owner('POST', '/v1/permissions:queryTestablePermissions', {
      fullResourceName: '//cloudresourcemanager.googleapis.com/projects/demo-project',
      pageToken,
    });
    permissions.push(...(page.body.permissions as unknown[]));
    pageToken = page.body.nextPageToken;
  }
  expect(permissions).toContainEqual({ name: 'run.services.get', stage: 'GA' });
  // Secret Manager is off.
  expect(permissions).toContainEqual({
    name: 'secretmanager.versions.add',
    stage: 'GA',
    apiDisabled: true,
  });
});
