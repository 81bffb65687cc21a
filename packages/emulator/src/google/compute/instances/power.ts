import type { Call, Reply } from '../../../kernel/http/call.ts';
import type { Context } from '../context.ts';
import { badRequest, notReady } from '../errors.ts';
import { nameIn } from '../links.ts';
import type { NetworkInterface } from '../networking/loopback.ts';
import { begin, operate, type Work } from '../operations/operate.ts';
import { KINDS } from '../resources/kinds.ts';
import { change, requireResource, resourceOf } from '../resources/resource.ts';
import { printed } from '../time.ts';
import { withEphemeral, withoutEphemeral } from './interfaces.ts';

/** Runs an instance that was stopped (https://cloud.google.com/compute/docs/instances/instance-lifecycle). */
export function start(call: Call, cloud: Context): Reply {
  const { path, resource } = resourceOf(call, cloud, KINDS.instance);
  const isRunning = resource.status === 'RUNNING';
  const work = () => {
    if (isRunning) return;
    const { networkInterfaces } = requireResource(cloud, path);
    change(cloud, path, {
      status: 'RUNNING',
      lastStartTimestamp: printed(cloud.clock.now()),
      networkInterfaces: withEphemeral(cloud, networkInterfaces as readonly NetworkInterface[]),
    });
    cloud.machines.boot(path);
  };
  const reply = operate(call, cloud, { type: 'start', target: path, targetId: resource.id, work });
  if (!isRunning) change(cloud, path, { status: 'STAGING' });
  return reply;
}

export function stop(call: Call, cloud: Context): Reply {
  const { path, resource } = resourceOf(call, cloud, KINDS.instance);
  const isRunning = resource.status === 'RUNNING';
  const reply = operate(call, cloud, {
    ...{ type: 'stop', target: path, targetId: resource.id },
    start: () => (isRunning ? cloud.machines.halt(path) : Promise.resolve()),
    work: () => {
      const { networkInterfaces } = requireResource(cloud, path);
      change(cloud, path, {
        status: 'TERMINATED',
        lastStopTimestamp: printed(cloud.clock.now()),
        networkInterfaces: withoutEphemeral(
          cloud,
          zoneIn(path),
          networkInterfaces as readonly NetworkInterface[],
        ),
      });
    },
  });
  if (isRunning) change(cloud, path, { status: 'STOPPING' });
  return reply;
}

/** Begins an instance's life again, without a word to what runs on it. */
export function reset(call: Call, cloud: Context): Reply {
  const { path, resource } = resourceOf(call, cloud, KINDS.instance);
  if (resource.status !== 'RUNNING') throw notReady(`projects/${cloud.project.id}/${path}`);
  const work = () => cloud.machines.reset(path);
  return operate(call, cloud, { type: 'reset', target: path, targetId: resource.id, work });
}

export function remove(call: Call, cloud: Context): Reply {
  const { path, resource } = resourceOf(call, cloud, KINDS.instance);
  if (resource.deletionProtection === true)
    throw badRequest(
      `Invalid resource usage: 'Resource cannot be deleted if it's protected against deletion. DeletionProtection is enabled on ${nameIn(path)}.'.`,
      'invalidResourceUsage',
      'INVALID_USAGE',
    );
  const reply = operate(call, cloud, removing(cloud, path));
  change(cloud, path, { status: 'STOPPING' });
  return reply;
}

/** Removes an instance of a group. @returns the operation's path */
export function removeForGroup(cloud: Context, path: string, user: string): string {
  const operation = begin(cloud, removing(cloud, path), user);
  change(cloud, path, { status: 'STOPPING' });
  return operation;
}

function removing(cloud: Context, path: string): Work {
  const { compute } = cloud;
  const { id, disks } = requireResource(cloud, path);
  return {
    ...{ type: 'delete', target: path, targetId: id },
    start: () => cloud.machines.remove(path),
    work: () => {
      compute.resources.delete(path);
      for (const { source, autoDelete } of disks as readonly { source: string; autoDelete: boolean }[]) {
        const disk = `zones/${zoneIn(path)}/disks/${nameIn(source)}`;
        if (autoDelete) compute.resources.delete(disk);
        else change(cloud, disk, { users: undefined });
      }
    },
  };
}

function zoneIn(path: string): string {
  return path.split('/')[1] ?? '';
}
