import type { Reply } from '../../kernel/http/call.ts';
import type { Route } from '../../kernel/http/route.ts';
import type { Context } from '../context.ts';
import { FlyError } from '../errors.ts';
import { body, type FlyCall, rest } from '../route.ts';

/** What flyctl reports of the builds it makes, and of those it did not need to make. */
export const buildRoutes: readonly Route<Context>[] = [
  rest('POST', '/api/v1/builds', create),
  rest('POST', '/api/v1/builds/finish', finish),
  rest('POST', '/api/v1/builds/depot_builder', () => {
    throw new FlyError(
      503,
      'The local cloud has no Depot: build on its own builder with --depot=false, or with --local-only',
    );
  }),
];

function create(call: FlyCall, cloud: Context): Reply {
  const app = call.app('write', body<{ app_name?: string }>(call).app_name);
  const build = {
    id: cloud.fly.builds.length + 1,
    app: app.name,
    status: 'started',
    started: cloud.clock.now(),
  };
  cloud.fly.builds.push(build);
  return { body: { id: build.id, status: build.status, wallclock_time_ms: 0 } };
}

function finish(call: FlyCall, cloud: Context): Reply {
  const { app_name, build_id, status } = body<{ app_name?: string; build_id?: number; status?: string }>(
    call,
  );
  const app = call.app('write', app_name);
  const build = cloud.fly.builds.find(({ id, app: of }) => id === build_id && of === app.name);
  if (!build) throw new FlyError(404, 'Not Found');
  build.status = status ?? 'completed';
  return {
    body: { id: build.id, status: build.status, wallclock_time_ms: cloud.clock.now() - build.started },
  };
}
