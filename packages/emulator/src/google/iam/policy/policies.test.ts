import { describe, expect, it } from 'vitest';
import { manualClock } from '../../../kernel/clock.ts';
import { user } from '../../../kernel/principal.ts';
import { services } from '../../../services.ts';
import { ServiceAccounts } from '../accounts/service-accounts.ts';
import { WorkloadIdentityPools } from '../pools/workload-identity-pools.ts';
import { CustomRoles } from '../roles/custom-roles.ts';
import { Permissions } from '../roles/permissions.ts';
import { Roles } from '../roles/roles.ts';
import { Iam } from './policies.ts';

const PERSON = user('a@example.com');
const PROJECT = 'projects/p';
const SERVICE = 'projects/p/locations/l/services/s';

function newIam(): Iam {
  return new Iam({
    project: { id: 'p', number: '123' },
    roles: new Roles(services),
    permissions: new Permissions(services),
    customRoles: new CustomRoles(),
    accounts: new ServiceAccounts(),
    pools: new WorkloadIdentityPools(),
    now: manualClock(Date.UTC(2026, 0, 1)).now,
  });
}

describe('an allow policy', () => {
  it('grants on what lies in its resource, and nowhere else', () => {
    const iam = newIam();
    iam.grant(SERVICE, 'roles/run.invoker', PERSON.member);
    expect(iam.allows(PERSON, 'run.routes.invoke', SERVICE)).toBe(true);
    expect(iam.allows(PERSON, 'run.routes.invoke', `${SERVICE}2`)).toBe(false);
    expect(iam.allows(PERSON, 'run.services.delete', SERVICE)).toBe(false);
    iam.grant(PROJECT, 'roles/run.admin', PERSON.member);
    expect(iam.allows(PERSON, 'run.services.delete', SERVICE)).toBe(true);
    expect(iam.allows(PERSON, 'run.services.delete', 'projects/p2')).toBe(false);
  });

  it('grants to everybody, or to everybody with a Google account', () => {
    const iam = newIam();
    iam.grant(SERVICE, 'roles/run.invoker', 'allAuthenticatedUsers');
    expect(iam.allows(undefined, 'run.routes.invoke', SERVICE)).toBe(false);
    expect(iam.allows(PERSON, 'run.routes.invoke', SERVICE)).toBe(true);
    iam.grant(SERVICE, 'roles/run.invoker', 'allUsers');
    expect(iam.allows(undefined, 'run.routes.invoke', SERVICE)).toBe(true);
  });

  it.each([
    ["resource.name.startsWith('projects/p/')", true],
    ["resource.name.endsWith('/other')", false],
    ["request.time < timestamp('2100-01-01T00:00:00Z')", true],
    ["request.time < timestamp('2025-01-01T00:00:00Z')", false],
    ["resource.type == 'run.googleapis.com/Service' && resource.service == 'run.googleapis.com'", true],
    ["resource.name.extract('locations/{place}/') == 'l'", true],
    ["resource.matchTag('1/env', 'prod')", false],
    ['not CEL at all', false],
  ])('with the condition %s: %s', (expression, granted) => {
    const iam = newIam();
    iam.set(PROJECT, {
      bindings: [{ role: 'roles/run.invoker', members: [PERSON.member], condition: { expression } }],
    });
    expect(iam.allows(PERSON, 'run.routes.invoke', SERVICE)).toBe(granted);
    expect(iam.get(PROJECT).version).toBe(3);
  });

  it('has an etag that survives base64 and guards against a change in between', () => {
    const iam = newIam();
    for (let index = 0; index < 50; index += 1) {
      iam.grant(PROJECT, 'roles/viewer', `user:${index}@example.com`);
      const { etag, bindings } = iam.get(PROJECT);
      expect(Buffer.from(etag, 'base64').toString('base64')).toBe(etag);
      const urlSafe = Buffer.from(etag, 'base64').toString('base64url');
      expect(iam.set(PROJECT, { etag: urlSafe, bindings }).etag).toBe(etag);
    }
    const { etag } = iam.get(PROJECT);
    iam.grant(PROJECT, 'roles/viewer', 'user:late@example.com');
    expect(() => iam.set(PROJECT, { etag, bindings: [] })).toThrow('concurrent policy changes');
  });
});
