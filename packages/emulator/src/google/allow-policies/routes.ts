import type { Context, Policy } from '../../contracts.ts';
import { requireCaller } from '../../kernel/access.ts';
import { type Call, json, type Reply } from '../../kernel/http/call.ts';
import { type Handler, type Route, route } from '../../kernel/http/route.ts';

type With = Context<object, 'iam'>;

/** How a kind of resource keeps its allow policies. */
export interface PolicyApi<C extends With> {
  /** e.g. `run.googleapis.com` */
  readonly api: string;
  /** The kind, as permissions spell it: `run.services`. */
  readonly kind: string;
  /** How a policy is asked for; default GET. */
  readonly get?: 'GET' | 'POST';
  /** Declares a route whose caller must hold a permission on the resource. */
  guarded(method: string, template: string, permission: string, handler: Handler<C>): Route<C>;
  /** Full name of the resource of a call, by the project's id, whether or not it is there. */
  nameOf(call: Call, cloud: C): string;
  /** @throws ApiError NOT_FOUND */
  requireThere(call: Call, cloud: C): void;
  /** What conditions see as `resource.name`; default its name. */
  named?(name: string, cloud: C): string;
}

/**
 * getIamPolicy, setIamPolicy and testIamPermissions of a kind of resource
 * (https://github.com/googleapis/googleapis/blob/master/google/iam/v1/iam_policy.proto). The last never says that something is not there: "this
 * will return an empty set of permissions, not a NOT_FOUND error".
 */
export function policyRoutes<C extends With>(template: string, options: PolicyApi<C>): Route<C>[] {
  const { api, kind, guarded, nameOf, requireThere, get = 'GET' } = options;
  const getPolicy = (call: Call, cloud: C): Reply => {
    requireThere(call, cloud);
    return { body: cloud.iam.shown(nameOf(call, cloud), versionOf(call)) };
  };
  const setPolicy = (call: Call, cloud: C): Reply => {
    requireThere(call, cloud);
    const { policy = {} } = json<{ policy?: Partial<Policy> }>(call);
    return { body: cloud.iam.replace(nameOf(call, cloud), kind, policy) };
  };
  const test = (call: Call, cloud: C): Reply => {
    const caller = requireCaller(call, cloud, api);
    const { permissions = [] } = json<{ permissions?: string[] }>(call);
    const name = nameOf(call, cloud);
    const held = cloud.iam.test(caller, permissions, name, options.named?.(name, cloud));
    return { body: held.length > 0 ? { permissions: held } : {} };
  };
  return [
    guarded(get, `${template}:getIamPolicy`, `${kind}.getIamPolicy`, getPolicy),
    guarded('POST', `${template}:setIamPolicy`, `${kind}.setIamPolicy`, setPolicy),
    route('POST', `${template}:testIamPermissions`, undefined, test),
  ];
}

/** The newest format of policies that the client says it knows: in the query of a GET, in the body of a POST. */
function versionOf(call: Call): number {
  const { options = {} } = json<{ options?: { requestedPolicyVersion?: number } }>(call);
  return Number(call.query.get('options.requestedPolicyVersion') ?? options.requestedPolicyVersion ?? 0);
}
