import { type Call, json, type Reply } from '../../../kernel/http/call.ts';
import type { Context } from '../context.ts';
import { badRequest } from '../errors.ts';
import { requirePermission } from '../guarded.ts';
import { linkTo, pathOf } from '../links.ts';
import { begin, operate, type Work } from '../operations/operate.ts';
import { requireZone } from '../places/routes.ts';
import { KINDS } from '../resources/kinds.ts';
import { change, checkName, keep, requireFree, requireResource } from '../resources/resource.ts';
import { printed } from '../time.ts';
import { type Asked, blueprintOf, machineTypeOf, requireToMake } from './blueprint.ts';
import { attached, bootDiskOf, diskFields } from './disks.ts';
import { interfaceOf } from './interfaces.ts';

/** POST instances (https://cloud.google.com/compute/docs/reference/rest/v1/instances/insert). */
export function insertInstance(call: Call, cloud: Context): Reply {
  const zone = requireZone(call.params.zone, cloud);
  const { name: given, ...own } = json<Asked & { name?: string }>(call);
  const name = checkName(given);
  const asked = { ...templateOf(call, cloud, zone), ...own };
  requireToMake(call, cloud, asked, zone, name);
  return operate(call, cloud, making(call, cloud, zone, name, asked));
}

/**
 * Makes an instance for a group, whose template was allowed to whoever made it.
 *
 * @param user in whose name it is made
 * @returns the operation's path
 */
export function insertForGroup(
  cloud: Context,
  zone: string,
  name: string,
  asked: Asked,
  user: string,
): string {
  return begin(cloud, making(undefined, cloud, zone, name, asked), user);
}

function making(call: Call | undefined, cloud: Context, zone: string, name: string, asked: Asked): Work {
  const { project, compute } = cloud;
  const path = `zones/${zone}/instances/${name}`;
  requireFree(cloud, path);
  const type = machineTypeOf(asked.machineType, zone);
  const blueprint = blueprintOf(call, cloud, asked);
  const disk = bootDiskOf(cloud, asked.disks ?? [], 'resource.disks');
  if (disk.image.architecture !== type.architecture)
    throw badRequest(
      `Requested machine type architecture (${type.architecture}) is not compatible with image architecture (${disk.image.architecture}).`,
      'badRequest',
      'BAD_REQUEST',
    );
  const diskName = checkName(
    disk.asked.initializeParams?.diskName ?? name,
    'resource.disks[0].initializeParams.diskName',
  );
  const diskPath = `zones/${zone}/disks/${diskName}`;
  requireFree(cloud, diskPath);
  const nic = interfaceOf(cloud, zone, asked.networkInterfaces ?? []);
  keep(cloud, diskPath, KINDS.disk, { ...diskFields(cloud, zone, disk), users: [linkTo(project.id, path)] });
  const { id } = keep(cloud, path, KINDS.instance, {
    ...blueprint,
    status: 'PROVISIONING',
    machineType: linkTo(project.id, `zones/${zone}/machineTypes/${type.name}`),
    cpuPlatform: type.architecture === 'ARM64' ? 'Ampere Altra' : 'Intel Broadwell',
    networkInterfaces: [nic],
    disks: [attached(cloud, zone, diskName, disk)],
    startRestricted: false,
    ...(asked.deletionProtection === undefined && { deletionProtection: false }),
  });
  return {
    ...{ type: 'insert', target: path, targetId: id },
    work: () => {
      change(cloud, path, { status: 'RUNNING', lastStartTimestamp: printed(cloud.clock.now()) });
      cloud.machines.boot(path);
    },
    undo: () => {
      compute.resources.delete(path);
      compute.resources.delete(diskPath);
    },
  };
}

/** What the template that a request names has, for what the request doesn't say. */
function templateOf(call: Call, cloud: Context, zone: string): Asked {
  const link = call.query.get('sourceInstanceTemplate');
  if (link === null) return {};
  const { path } = pathOf(link, cloud.project.id, 'sourceInstanceTemplate', 'global/instanceTemplates');
  requirePermission(call, cloud, 'compute.instanceTemplates.useReadOnly', path);
  const { machineType, ...properties } = requireResource(cloud, path).properties as Asked;
  return { ...properties, machineType: `zones/${zone}/machineTypes/${machineType}` };
}
