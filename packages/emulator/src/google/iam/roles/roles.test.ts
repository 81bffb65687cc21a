import { describe, expect, it } from 'vitest';
import { services } from '../../../services.ts';
import predefined from './predefined.json' with { type: 'json' };
import { Roles } from './roles.ts';

describe("the table of Google's predefined roles", () => {
  it('says what it is made of', () => {
    expect(predefined.source).toMatch(/^https:\/\/github\.com\/\S+\/tree\/[0-9a-f]{40}\//);
  });

  it('names none twice', () => {
    const others = Object.entries(predefined.others).flatMap(([service, ids]) =>
      ids.split(' ').map((id) => `roles/${id ? `${service}.${id}` : service}`),
    );
    const names = [...Object.keys(predefined.roles), ...others];
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    expect(names.length).toBeGreaterThan(2400);
  });

  it.each(['roles/compute.instanceAdmin.v1', 'roles/cloudbuild.builds.editor', 'roles/run.invoker'])(
    'has %s',
    (role) => {
      expect(new Roles(services).exists(role)).toBe(true);
    },
  );

  it.each(['roles/cloudbuild.builds', 'roles/run.invoke', 'roles/'])('has no %s', (role) => {
    expect(new Roles(services).exists(role)).toBe(false);
  });

  it('has every role that a service declares besides', () => {
    const known = new Roles([]);
    const declared = services.flatMap(({ roles = {}, deployerRoles = [] }) => [
      ...Object.keys(roles),
      ...deployerRoles,
    ]);
    expect(declared.filter((role) => !known.exists(role))).toEqual([]);
  });

  it('has every permission that a service checks, where a role of the table holds one of that kind', () => {
    const missing = services.flatMap(({ permissions = {} }) =>
      Object.entries(permissions).flatMap(([type, verbs]) => {
        const known = (predefined.permissions as Record<string, string>)[type]?.split(' ');
        return verbs
          .split(' ')
          .filter((verb) => known && !known.includes(verb))
          .map((verb) => `${type}.${verb}`);
      }),
    );
    // Google documents them (https://cloud.google.com/service-usage/docs/access-control); no role of its own holds them.
    expect(missing).toEqual([
      'serviceusage.operations.cancel',
      'serviceusage.operations.delete',
      'serviceusage.operations.list',
    ]);
  });
});
