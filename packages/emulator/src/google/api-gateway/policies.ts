import type { Policy } from '../../contracts.ts';
import { type Call, json, type Reply } from '../../kernel/http/call.ts';
import type { Route } from '../../kernel/http/route.ts';
import { existing, guarded, nameIn } from './access.ts';
import type { Context } from './context.ts';

/**
 * getIamPolicy, setIamPolicy and testIamPermissions of one kind of resource.
 * @param kind as permissions spell it, e.g. `apiconfigs`
 */
export function policyRoutes(
  template: string,
  kind: string,
  all: (cloud: Context) => ReadonlyMap<string, unknown>,
): Route<Context>[] {
  const resource = (call: Call, cloud: Context) => {
    const name = nameIn(template, call, cloud);
    existing(all(cloud), name);
    return name;
  };
  const get = (call: Call, cloud: Context): Reply => ({ body: cloud.iam.get(resource(call, cloud)) });
  const set = (call: Call, cloud: Context): Reply => {
    const { policy = {} } = json<{ policy?: Partial<Policy> }>(call);
    return { body: cloud.iam.set(resource(call, cloud), policy) };
  };
  const test = (call: Call, cloud: Context): Reply => {
    const name = resource(call, cloud);
    const { permissions = [] } = json<{ permissions?: string[] }>(call);
    const held = permissions.filter((permission) => cloud.iam.allows(call.principal, permission, name));
    return { body: held.length > 0 ? { permissions: held } : {} };
  };
  return [
    guarded('GET', `${template}:getIamPolicy`, `${kind}.getIamPolicy`, get),
    guarded('POST', `${template}:setIamPolicy`, `${kind}.setIamPolicy`, set),
    guarded('POST', `${template}:testIamPermissions`, `${kind}.get`, test),
  ];
}
