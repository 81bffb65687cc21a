import { expect, it } from 'vitest';
import { grantsRole } from './bindings.ts';

const EMAIL = 'app@p.iam.gserviceaccount.com';
const POOL = 'principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/github/*';

it.each<[string, string, string, boolean | undefined]>([
  ['the account itself', 'roles/viewer', `serviceAccount:${EMAIL}`, true],
  ['everybody', 'roles/viewer', 'allUsers', true],
  ['another role', 'roles/browser', `serviceAccount:${EMAIL}`, false],
  ['another account', 'roles/viewer', 'serviceAccount:other@p.iam.gserviceaccount.com', false],
  ['a workload identity pool', 'roles/viewer', POOL, false],
  ['a group', 'roles/viewer', 'group:all@example.com', undefined],
  [
    'all of a project',
    'roles/viewer',
    'principalSet://cloudresourcemanager.googleapis.com/projects/1/type/ServiceAccount',
    undefined,
  ],
  ['a custom role', 'projects/p/roles/own', `serviceAccount:${EMAIL}`, undefined],
])('%s', (_, role, member, expected) => {
  expect(grantsRole([{ role, members: [member] }], /^roles\/viewer$/, EMAIL)).toBe(expected);
});
