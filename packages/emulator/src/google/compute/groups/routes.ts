import { type Call, json, type Reply } from '../../../kernel/http/call.ts';
import type { Route } from '../../../kernel/http/route.ts';
import type { Context } from '../context.ts';
import { invalid } from '../errors.ts';
import { fingerprintOf, requireFingerprint } from '../fingerprint.ts';
import { guarded, requirePermission } from '../guarded.ts';
import { linkTo, pathOf } from '../links.ts';
import { operate } from '../operations/operate.ts';
import { placeOf } from '../places/routes.ts';
import { KINDS } from '../resources/kinds.ts';
import { readRoutes } from '../resources/read-routes.ts';
import { change, checkName, keep, pathIn, requireFree, resourceOf } from '../resources/resource.ts';
import { type AskedManager, checkedManager } from './checked.ts';
import { groupOf } from './group-of.ts';
import { instanceRoutes } from './instance-routes.ts';
import { shownManager } from './shown.ts';

const KIND = KINDS.manager;
const UPDATE = 'compute.instanceGroupManagers.update';
/** @see https://cloud.google.com/compute/docs/reference/rest/v1/instanceGroupManagers/insert, "IAM permissions" */
const TO_MAKE = ['compute.instances.create', 'compute.disks.create', 'compute.instances.setMetadata'];

/** Managed instance groups, of a zone and of a region (https://cloud.google.com/compute/docs/reference/rest/v1/instanceGroupManagers). */
export const managerRoutes: readonly Route<Context>[] = [
  ...readRoutes(KIND, shownManager),
  ...KIND.places.flatMap(([place]) => {
    const managers = `${place}/instanceGroupManagers`;
    const manager = `${managers}/{name}`;
    return [
      guarded('POST', managers, 'compute.instanceGroupManagers.create', insert),
      guarded('PATCH', manager, UPDATE, (call, cloud) =>
        write(call, cloud, 'patch', json<AskedManager>(call)),
      ),
      guarded('DELETE', manager, 'compute.instanceGroupManagers.delete', remove),
      guarded('POST', `${manager}/resize`, UPDATE, (call, cloud) =>
        write(call, cloud, 'resize', { targetSize: Number(call.query.get('size')) }),
      ),
      guarded('POST', `${manager}/setInstanceTemplate`, UPDATE, (call, cloud) =>
        write(call, cloud, 'setInstanceTemplate', json<AskedManager>(call)),
      ),
      ...instanceRoutes(manager),
    ];
  }),
];

function insert(call: Call, cloud: Context): Reply {
  const asked = json<AskedManager>(call);
  const place = placeOf(call, cloud);
  const path = pathIn(call, cloud, KIND, checkName(asked.name));
  requireFree(cloud, path);
  requireToMake(call, cloud);
  const fields = checkedManager(cloud, place, asked);
  requireTemplates(call, cloud, fields);
  const made = keep(cloud, path, KIND, {
    ...fields,
    fingerprint: fingerprintOf(fields),
    instanceGroup: linkTo(cloud.project.id, path.replace('instanceGroupManagers', 'instanceGroups')),
  });
  const work = () => groupOf(cloud, path).tend();
  return operate(call, cloud, { type: 'insert', target: path, targetId: made.id, work });
}

/** Changes a manager: what is not given stays as it is. */
function write(call: Call, cloud: Context, type: string, asked: AskedManager): Reply {
  const { path, resource } = resourceOf(call, cloud, KIND);
  if (asked.fingerprint !== undefined)
    requireFingerprint(asked.fingerprint, resource.fingerprint, 'resource');
  if (asked.name !== undefined && asked.name !== resource.name)
    throw invalid('resource.name', asked.name, "The name of a group can't be changed.");
  const { name: _, ...wanted } = asked;
  if (wanted.versions ?? wanted.instanceTemplate) requireToMake(call, cloud);
  const fields = checkedManager(cloud, placeOf(call, cloud), wanted, resource as unknown as AskedManager);
  requireTemplates(call, cloud, fields);
  const work = () => {
    change(cloud, path, { ...fields, fingerprint: fingerprintOf(fields) });
    groupOf(cloud, path).tend();
  };
  return operate(call, cloud, { type, target: path, targetId: resource.id, work });
}

/** Removes a group with its instances. */
function remove(call: Call, cloud: Context): Reply {
  requirePermission(call, cloud, 'compute.instanceGroups.delete', '');
  const { path, resource } = resourceOf(call, cloud, KIND);
  return operate(call, cloud, {
    ...{ type: 'delete', target: path, targetId: resource.id },
    start: async () => {
      change(cloud, path, {
        targetSize: 0,
        updatePolicy: { ...(resource.updatePolicy as object), maxUnavailable: { calculated: 2000 } },
      });
      const group = groupOf(cloud, path);
      for (group.tend(); group.members.length > 0; ) await new Promise((resolve) => setTimeout(resolve, 50));
    },
    work: () => {
      cloud.groups.forget(path);
      cloud.compute.resources.delete(path);
    },
  });
}

/** @throws ComputeError 403 unless the caller may do what the group will do in its own name */
function requireToMake(call: Call, cloud: Context): void {
  for (const permission of TO_MAKE) requirePermission(call, cloud, permission, '');
}

function requireTemplates(call: Call, cloud: Context, { versions }: Readonly<Record<string, unknown>>): void {
  for (const { instanceTemplate } of versions as readonly { instanceTemplate: string }[]) {
    const { path } = pathOf(
      instanceTemplate,
      cloud.project.id,
      'resource.versions',
      'global/instanceTemplates',
    );
    requirePermission(call, cloud, 'compute.instanceTemplates.useReadOnly', path);
  }
}
