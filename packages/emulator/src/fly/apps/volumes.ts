import { timestamp } from '../../kernel/clock.ts';
import type { Reply } from '../../kernel/http/call.ts';
import type { Route } from '../../kernel/http/route.ts';
import type { Context } from '../context.ts';
import { FlyError, invalid, notFound } from '../errors.ts';
import { volumeId } from '../ids.ts';
import { isRegion } from '../regions.ts';
import { body, type FlyCall, flaps } from '../route.ts';
import type { Volume } from './app-record.ts';

const VOLUMES = '/apps/{app}/volumes';

/** The volumes of an app. */
export const volumeRoutes: readonly Route<Context>[] = [
  flaps('GET', VOLUMES, (call) => ({ body: [...call.app('read').volumes.values()].map(shown) })),
  flaps('POST', VOLUMES, create),
  flaps('GET', `${VOLUMES}/{volume}`, (call) => ({ body: shown(volumeOf(call, 'read')) })),
  flaps('PUT', `${VOLUMES}/{volume}`, update),
  flaps('PUT', `${VOLUMES}/{volume}/extend`, extend),
  flaps('DELETE', `${VOLUMES}/{volume}`, remove),
  flaps('GET', `${VOLUMES}/{volume}/snapshots`, (call) => {
    volumeOf(call, 'read');
    return { body: [] };
  }),
];

function create(call: FlyCall, cloud: Context): Reply {
  const app = call.app('write');
  const {
    name,
    region: asked,
    size_gb,
    encrypted,
    snapshot_retention,
    auto_backup_enabled,
  } = body<{
    name?: string;
    region?: string;
    size_gb?: number | null;
    encrypted?: boolean | null;
    snapshot_retention?: number | null;
    auto_backup_enabled?: boolean | null;
  }>(call);
  if (!name || !/^[a-z0-9_]{1,30}$/.test(name)) throw invalid(`volume name "${name ?? ''}" is not valid`);
  // Without one it is the nearest; flyctl asks so for the volume of a builder.
  const region = asked || 'iad';
  if (!isRegion(region)) throw invalid(`region ${region} not found`);
  const volume: Volume = {
    id: volumeId(),
    name,
    region,
    size_gb: size_gb ?? 3,
    encrypted: encrypted ?? true,
    created_at: timestamp(cloud.clock.now()),
    state: 'created',
    attached_machine_id: null,
    auto_backup_enabled: auto_backup_enabled ?? true,
    snapshot_retention: snapshot_retention ?? 5,
  };
  app.volumes.set(volume.id, volume);
  return { body: shown(volume) };
}

function update(call: FlyCall): Reply {
  const volume = volumeOf(call, 'write');
  const input = body<{ snapshot_retention?: number | null; auto_backup_enabled?: boolean | null }>(call);
  volume.snapshot_retention = input.snapshot_retention ?? volume.snapshot_retention;
  volume.auto_backup_enabled = input.auto_backup_enabled ?? volume.auto_backup_enabled;
  return { body: shown(volume) };
}

function extend(call: FlyCall): Reply {
  const volume = volumeOf(call, 'write');
  const { size_gb } = body<{ size_gb?: number }>(call);
  if (!size_gb || size_gb < volume.size_gb) throw invalid('volumes can only grow');
  const grown = { ...volume, size_gb };
  call.app('write').volumes.set(volume.id, grown);
  return { body: { volume: shown(grown), needs_restart: volume.attached_machine_id !== null } };
}

function remove(call: FlyCall): Reply {
  const volume = volumeOf(call, 'write');
  if (volume.attached_machine_id)
    throw new FlyError(
      412,
      `failed_precondition: volume is currently bound to machine: ${volume.attached_machine_id}`,
    );
  call.app('write').volumes.delete(volume.id);
  return { body: { ...shown(volume), state: 'pending_destroy' } };
}

function volumeOf(call: FlyCall, action: 'read' | 'write'): Volume {
  const volume = call.app(action).volumes.get(call.params.volume ?? '');
  if (!volume) throw notFound('volume');
  return volume;
}

function shown(volume: Volume): Record<string, unknown> {
  return { ...volume, zone: 'a1b2', fstype: 'ext4', attached_alloc_id: null, host_status: 'ok' };
}
