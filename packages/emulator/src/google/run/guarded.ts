import { type Handler, type Route, route } from '../../kernel/http/route.ts';
import type { Context } from './context.ts';

/**
 * Declares a route of the API v2, whose permission is checked on the resource in its path.
 *
 * @param permission e.g. `services.get`
 */
export function guarded(
  method: string,
  template: string,
  permission: string,
  handler: Handler<Context>,
): Route<Context> {
  return route(method, template, { api: 'run.googleapis.com', permission: `run.${permission}` }, handler);
}
