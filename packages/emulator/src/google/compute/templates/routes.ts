import { type Call, json, type Reply } from '../../../kernel/http/call.ts';
import type { Route } from '../../../kernel/http/route.ts';
import type { Context } from '../context.ts';
import { inUse, required } from '../errors.ts';
import { guarded } from '../guarded.ts';
import { type Asked, blueprintOf, machineTypeOf } from '../instances/blueprint.ts';
import { bootDiskOf } from '../instances/disks.ts';
import { networkOf } from '../networking/firewalls.ts';
import { operate } from '../operations/operate.ts';
import { KINDS } from '../resources/kinds.ts';
import { readRoutes } from '../resources/read-routes.ts';
import { checkName, keep, pathIn, requireFree, resourceOf } from '../resources/resource.ts';

const KIND = KINDS.template;

/** Templates that instances of a group are made by (https://cloud.google.com/compute/docs/reference/rest/v1/instanceTemplates). */
export const templateRoutes: readonly Route<Context>[] = [
  ...readRoutes(KIND),
  ...KIND.places.flatMap(([place, permission]) => [
    guarded('POST', `${place}/instanceTemplates`, `${permission}.create`, insert),
    guarded('DELETE', `${place}/instanceTemplates/{name}`, `${permission}.delete`, remove),
  ]),
];

function insert(call: Call, cloud: Context): Reply {
  const { name, description, properties } = json<{ name?: string; description?: string; properties?: Asked }>(
    call,
  );
  const path = pathIn(call, cloud, KIND, checkName(name));
  requireFree(cloud, path);
  if (!properties) throw required('resource.properties');
  const made = keep(cloud, path, KIND, {
    ...(description !== undefined && { description }),
    properties: checked(call, cloud, properties),
  });
  return operate(call, cloud, { type: 'insert', target: path, targetId: made.id, work: () => undefined });
}

/** As they are asked for, with what every instance has. */
function checked(call: Call, cloud: Context, properties: Asked): Asked {
  const at = 'resource.properties';
  const { name: machineType } = machineTypeOf(properties.machineType, undefined, `${at}.machineType`);
  const {
    labelFingerprint: _,
    shieldedInstanceConfig,
    ...blueprint
  } = blueprintOf(call, cloud, properties, at);
  const disks = properties.disks ?? [];
  bootDiskOf(cloud, disks, `${at}.disks`);
  return {
    ...blueprint,
    ...(properties.shieldedInstanceConfig !== undefined && { shieldedInstanceConfig }),
    machineType,
    disks: disks.map((disk, index) => ({
      kind: 'compute#attachedDisk',
      ...{ type: 'PERSISTENT', mode: 'READ_WRITE', index },
      ...disk,
    })),
    networkInterfaces: (properties.networkInterfaces ?? []).map(({ network, ...nic }, index) => ({
      ...nic,
      kind: 'compute#networkInterface',
      name: `nic${index}`,
      network: networkOf(network, cloud, `${at}.networkInterfaces[${index}].network`),
    })),
  };
}

function remove(call: Call, cloud: Context): Reply {
  const { path, resource } = resourceOf(call, cloud, KIND);
  const user = cloud.compute
    .everywhere('instanceGroupManagers')
    .find(({ versions }) =>
      (versions as readonly { instanceTemplate: string }[]).some(
        ({ instanceTemplate }) => instanceTemplate === resource.selfLink,
      ),
    );
  if (user)
    throw inUse(
      KIND.word,
      `projects/${cloud.project.id}/${path}`,
      user.selfLink.replace(/^.*\/(?=projects\/)/, ''),
    );
  const work = () => void cloud.compute.resources.delete(path);
  return operate(call, cloud, { type: 'delete', target: path, targetId: resource.id, work });
}
