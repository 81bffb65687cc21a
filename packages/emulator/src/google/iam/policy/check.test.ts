import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caller } from '../../../../test/client.ts';
import { type RunningCloud, startCloud } from '../../../cloud.ts';
import { user } from '../../../kernel/principal.ts';
import { OWNER, seededAccounts } from '../../../seeded.ts';

const PROJECT = '/v1/projects/demo-project';
const POOLS = 'iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools';
const A = 'user:a@example.com';

let cloud: RunningCloud;
let owner: ReturnType<typeof caller>;
beforeAll(async () => {
  cloud = await startCloud();
  owner = caller(cloud, cloud.tokens.issue(user(OWNER), 3600).token);
});
afterAll(() => cloud.close());

/** Adds bindings to the project's policy. */
function add(bindings: readonly unknown[], version = 1) {
  const before = cloud.iam.get('projects/demo-project').bindings;
  return owner('POST', `${PROJECT}:setIamPolicy`, {
    policy: { version, bindings: [...before, ...bindings] },
  });
}

describe('setIamPolicy of a project', () => {
  it.each([
    ['roles/nope', [A], 'Role roles/nope is not supported for this resource.'],
    ['roles/run.nope', [A], 'Role roles/run.nope is not supported for this resource.'],
    ['nope', [A], 'Role nope is not supported for this resource.'],
    [
      'projects/demo-project/roles/nope',
      [A],
      "Role (projects/demo-project/roles/nope) does not exist in the resource's hierarchy.",
    ],
    ['roles/viewer', ['a@example.com'], 'Policy members must be of the form "<type>:<value>".'],
    [
      'roles/viewer',
      ['person:a@example.com'],
      'The member person:a@example.com is of an unknown type. Please set a valid type prefix for the member.',
    ],
    ['roles/viewer', ['user:nobody'], 'User nobody does not exist.'],
    ['roles/viewer', ['group:nobody'], 'Group nobody does not exist.'],
    ['roles/viewer', ['domain:nowhere'], 'Domain nowhere does not exist.'],
    [
      'roles/viewer',
      ['serviceAccount:x@demo-project.iam.gserviceaccount.com'],
      'Service account x@demo-project.iam.gserviceaccount.com does not exist.',
    ],
    [
      'roles/viewer',
      [`principalSet://${POOLS}/nope/attribute.repository/a/b`],
      'Identity Pool does not exist (projects/123456789012/locations/global/workloadIdentityPools/nope).',
    ],
    [
      'roles/viewer',
      [`principalSet://${POOLS.replace('123456789012', 'demo-project')}/github/*`],
      'Identity Pool does not exist (projects/demo-project/locations/global/workloadIdentityPools/github).',
    ],
    [
      'roles/viewer',
      ['allUsers'],
      'Member allUsers is invalid due to membership type restrictions on the resource.',
    ],
    [
      'roles/viewer',
      Array.from({ length: 1500 }, (_, i) => `user:${i}@example.com`),
      'larger than the maximum',
    ],
  ])('refuses %s for %j', async (role, members, message) => {
    const { status, body } = await add([{ role, members }]);
    expect(status).toBe(400);
    expect(body.error).toMatchObject({
      status: 'INVALID_ARGUMENT',
      message: expect.stringContaining(message),
    });
  });

  it.each([
    ['foo.bar == 1', "undeclared reference to 'foo'"],
    ['resource.name.hash()', "undeclared reference to 'hash'"],
    ['resource.name ==', 'Syntax error'],
    ['', 'the expression is empty'],
  ])('refuses the condition %s', async (expression, message) => {
    const condition = { title: 't', expression };
    const { body } = await add([{ role: 'roles/run.viewer', members: [A], condition }], 3);
    expect(body.error).toMatchObject({ message: expect.stringContaining(message) });
  });

  it('takes roles of every service, and members that it cannot look up', async () => {
    const members = [
      A,
      'group:g@example.com',
      'serviceAccount:service-1@gcp-sa-pubsub.iam.gserviceaccount.com',
    ];
    members.push(`principalSet://${POOLS}/github/attribute.repository/a/b`, 'domain:example.com');
    members.push('serviceAccount:demo-project.svc.id.goog[ns/name]', 'deleted:user:b@example.com?uid=1');
    const binding = { role: 'roles/compute.admin', members };
    expect((await add([binding, { ...binding, role: 'roles/aiplatform.user' }])).status).toBe(200);
  });

  it('keeps an owner, and makes none without an invitation', async () => {
    const gone = await owner('POST', `${PROJECT}:setIamPolicy`, { policy: { bindings: [] } });
    expect(gone.body.error).toMatchObject({
      status: 'INVALID_ARGUMENT',
      details: [{ type: 'SOLO_REQUIRE_TOS_ACCEPTOR', member: `user:${OWNER}`, role: 'roles/owner' }],
    });
    const made = await add([{ role: 'roles/owner', members: [A] }]);
    expect(made.body.error).toMatchObject({ details: [{ type: 'SOLO_MUST_INVITE_OWNERS', member: A }] });
  });

  it('has conditions in version 3 alone, and shows them to who knows it', async () => {
    const condition = { title: 'until', expression: 'request.time < timestamp("2100-01-01T00:00:00Z")' };
    const binding = { role: 'roles/run.viewer', members: [A], condition };
    expect((await add([binding])).body.error).toMatchObject({
      message: 'A policy with conditional role bindings must have version 3.',
    });
    expect((await add([binding], 3)).body).toMatchObject({ version: 3 });
    const old = await owner('POST', `${PROJECT}:getIamPolicy`, {});
    expect(JSON.stringify(old.body)).toMatch(/"roles\/run\.viewer_withcond_[0-9a-f]{20}"/);
    const options = { requestedPolicyVersion: 3 };
    const now = await owner('POST', `${PROJECT}:getIamPolicy`, { options });
    expect(now.body.bindings).toContainEqual(binding);
  });
});

it('binds only roles that hold something of the resource', async () => {
  const { deployer } = seededAccounts(cloud.project);
  const path = `${PROJECT}/serviceAccounts/${deployer}:setIamPolicy`;
  const set = (role: string) => owner('POST', path, { policy: { bindings: [{ role, members: [A] }] } });
  expect((await set('roles/run.invoker')).body.error).toMatchObject({
    message: 'Role roles/run.invoker is not supported for this resource.',
  });
  expect((await set('roles/iam.serviceAccountUser')).status).toBe(200);
});

describe('testIamPermissions', () => {
  const SERVICE = '/v1/projects/demo-project/locations/us-central1/services/new';
  const TEST = `${SERVICE}:testIamPermissions`;

  it('answers for what is not there', async () => {
    const permissions = ['run.services.get', 'run.services.setIamPolicy'];
    expect((await owner('POST', `/run${TEST}`, { permissions })).body).toEqual({ permissions });
    const stranger = caller(cloud, cloud.tokens.issue(user('s@example.com'), 3600).token);
    expect((await stranger('POST', `/run${TEST}`, { permissions })).body).toEqual({});
  });

  it.each(['run.services.fly', 'run.*', 'everything'])('refuses %s', async (permission) => {
    const { body } = await owner('POST', `/run${TEST}`, { permissions: [permission] });
    expect(body.error).toMatchObject({ message: `Permission ${permission} is not valid for this resource.` });
  });
});
