import type { Reply } from '../../kernel/http/call.ts';
import type { Route } from '../../kernel/http/route.ts';
import type { Context } from '../context.ts';
import { unauthorized } from '../errors.ts';
import { type FlyCall, rest } from '../route.ts';

const PAGE = 100;

/** The logs that flyctl polls where it has no NATS connection. */
export const logRoutes: readonly Route<Context>[] = [rest('GET', '/api/v1/apps/{app}/logs', list)];

/** A deploy token may not read logs, as on the real platform (https://github.com/superfly/flyctl/issues/2365). */
function list(call: FlyCall): Reply {
  const app = call.app('read');
  if (call.token.kind === 'deploy') throw unauthorized();
  const { query } = call;
  const after = Number(query.get('next_token') || 0);
  const instance = query.get('instance');
  const region = query.get('region');
  const lines = app.logs
    .filter(
      (line) =>
        line.id > after && (!instance || line.instance === instance) && (!region || line.region === region),
    )
    .slice(0, PAGE);
  return {
    body: {
      data: lines.map(({ id, time, message, level, instance: from, region: at, provider }) => ({
        id: String(id),
        type: 'log',
        attributes: {
          timestamp: new Date(time).toISOString(),
          message,
          level,
          instance: from,
          region: at,
          meta: { instance: from, region: at, event: { provider } },
        },
      })),
      meta: { next_token: String(lines.at(-1)?.id ?? after) },
    },
  };
}
