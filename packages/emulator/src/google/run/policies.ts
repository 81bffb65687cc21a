import type { Call } from '../../kernel/http/call.ts';
import type { Route } from '../../kernel/http/route.ts';
import { policyRoutes } from '../allow-policies/routes.ts';
import type { Context } from './context.ts';
import { guarded } from './guarded.ts';

/**
 * The policies of services, jobs or worker pools.
 *
 * @param kind as permissions spell it, e.g. `workerpools`
 * @param nameOf name of the resource in the path, in the words of the caller
 */
export function runPolicyRoutes(
  template: string,
  kind: string,
  nameOf: (call: Call) => string,
  requireThere: (call: Call, cloud: Context) => unknown,
): Route<Context>[] {
  return policyRoutes<Context>(template, {
    api: 'run.googleapis.com',
    kind: `run.${kind}`,
    guarded: (method, path, permission, handler) =>
      guarded(method, path, permission.replace(/^run\./, ''), handler),
    nameOf: (call, { project: { id, number } }) =>
      nameOf(call).replace(`projects/${number}/`, `projects/${id}/`),
    requireThere: (call, cloud) => void requireThere(call, cloud),
  });
}
