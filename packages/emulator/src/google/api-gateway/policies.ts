import type { Route } from '../../kernel/http/route.ts';
import { policyRoutes as routesFor } from '../allow-policies/routes.ts';
import { existing, guarded, nameIn } from './access.ts';
import type { Context } from './context.ts';

/**
 * getIamPolicy, setIamPolicy and testIamPermissions of one kind of resource.
 * @param template below `/v1/`
 * @param kind as permissions spell it, e.g. `apiconfigs`
 */
export function policyRoutes(
  template: string,
  kind: string,
  all: (cloud: Context) => ReadonlyMap<string, unknown>,
): Route<Context>[] {
  return routesFor<Context>(`/v1/${template}`, {
    api: 'apigateway.googleapis.com',
    kind: `apigateway.${kind}`,
    guarded: (method, path, permission, handler) =>
      guarded(method, path.replace(/^\/v1\//, ''), permission.replace(/^apigateway\./, ''), handler),
    nameOf: (call, cloud) => nameIn(template, call, cloud),
    requireThere: (call, cloud) => void existing(all(cloud), nameIn(template, call, cloud)),
  });
}
