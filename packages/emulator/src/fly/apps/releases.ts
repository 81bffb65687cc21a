import { randomBytes } from 'node:crypto';
import { timestamp } from '../../kernel/clock.ts';
import type { Reply } from '../../kernel/http/call.ts';
import type { Route } from '../../kernel/http/route.ts';
import type { Context } from '../context.ts';
import { FlyError } from '../errors.ts';
import { body, type FlyCall, rest } from '../route.ts';
import type { App } from './app.ts';
import type { Release } from './app-record.ts';

const STATUSES = ['pending', 'running', 'complete', 'failed', 'interrupted'];
const STRATEGIES = ['BLUEGREEN', 'CANARY', 'IMMEDIATE', 'ROLLING', 'ROLLING_ONE', 'SIMPLE'];

/** Releases, which flyctl makes and brings to an end. */
export const releaseRoutes: readonly Route<Context>[] = [
  rest('POST', '/api/v1/releases', create),
  rest('PATCH', '/api/v1/releases/{release}', update),
  rest('GET', '/api/v1/releases/all_current', listCurrent),
  rest('GET', '/api/v1/apps/{app}/releases', list),
  rest('GET', '/api/v1/apps/{app}/releases/current', current),
];

function create(call: FlyCall, cloud: Context): Reply {
  const input = body<{
    app_name?: string;
    build_id?: number;
    definition?: unknown;
    image?: string;
    strategy?: string;
  }>(call);
  const app = deployable(call, input.app_name);
  const strategy = input.strategy || 'ROLLING';
  if (!STRATEGIES.includes(strategy)) throw new FlyError(422, `strategy "${strategy}" is invalid`);
  const release: Release = {
    id: randomBytes(14).toString('base64url'),
    version: app.releases.length + 1,
    strategy,
    imageRef: input.image ?? '',
    definition: input.definition ?? null,
    user: call.token.name,
    createdAt: cloud.clock.now(),
    buildId: input.build_id || undefined,
    status: 'pending',
    metadata: null,
  };
  app.releases.push(release);
  return { status: 201, body: { release: shown(release) } };
}

function update(call: FlyCall, cloud: Context): Reply {
  const app = cloud.fly.apps().find(({ releases }) => releases.some(({ id }) => id === call.params.release));
  const release = app?.releases.find(({ id }) => id === call.params.release);
  if (!app || !release) throw new FlyError(404, 'Not Found');
  deployable(call, app.name);
  const { status, metadata } = body<{ status?: string; metadata?: unknown }>(call);
  if (!status || !STATUSES.includes(status)) throw new FlyError(422, `status "${status ?? ''}" is invalid`);
  release.status = status;
  release.metadata = metadata ?? release.metadata;
  return { body: shown(release) };
}

function list(call: FlyCall): Reply {
  const limit = Number(call.query.get('limit') ?? 25);
  return { body: { releases: [...call.app('read').releases].reverse().slice(0, limit).map(shown) } };
}

function current(call: FlyCall): Reply {
  const release = call.app('read').releases.at(-1);
  if (!release) throw new FlyError(404, 'Not Found');
  return { body: shown(release) };
}

function listCurrent(call: FlyCall, cloud: Context): Reply {
  const { token } = call;
  const apps = cloud.fly
    .apps()
    .filter(({ organization }) => !token.organization || token.organization === organization);
  const times = apps.flatMap(({ name, releases }) => {
    const release = releases.at(-1);
    return release ? [[name, timestamp(release.createdAt)]] : [];
  });
  return { body: Object.fromEntries(times) };
}

/** @throws FlyError in the words of a refused deploy */
function deployable(call: FlyCall, name: string | undefined): App {
  try {
    return call.app('write', name);
  } catch (error) {
    if (error instanceof FlyError && [401, 403].includes(error.httpStatus))
      throw new FlyError(403, 'Not authorized to deploy this app');
    throw error;
  }
}

function shown({
  id,
  version,
  strategy,
  imageRef,
  user,
  createdAt,
  status,
}: Release): Record<string, unknown> {
  return {
    id,
    version,
    stable: status === 'complete',
    in_progress: status === 'running',
    status,
    strategy,
    user,
    created_at: timestamp(createdAt),
    image_ref: imageRef,
  };
}
