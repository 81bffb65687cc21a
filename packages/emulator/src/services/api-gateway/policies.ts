import type { Cloud } from '../../cloud.ts';
import { type Call, json, type Reply, type Route } from '../../handler.ts';
import type { Policy } from '../../identity/iam.ts';
import { existing, guarded, nameIn } from './access.ts';

/**
 * getIamPolicy, setIamPolicy and testIamPermissions of one kind of resource.
 * @param kind as permissions spell it, e.g. `apiconfigs`
 */
export function policyRoutes(
  template: string,
  kind: string,
  all: (cloud: Cloud) => ReadonlyMap<string, unknown>,
): Route[] {
  const resource = (call: Call, cloud: Cloud) => {
    const name = nameIn(template, call, cloud);
    existing(all(cloud), name);
    return name;
  };
  const get = (call: Call, cloud: Cloud): Reply => ({ body: cloud.iam.get(resource(call, cloud)) });
  const set = (call: Call, cloud: Cloud): Reply => {
    const { policy = {} } = json<{ policy?: Partial<Policy> }>(call);
    return { body: cloud.iam.set(resource(call, cloud), policy) };
  };
  const test = (call: Call, cloud: Cloud): Reply => {
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
