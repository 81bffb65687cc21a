import { type Call, json, type Reply } from '../../../kernel/http/call.ts';
import type { Route } from '../../../kernel/http/route.ts';
import type { Context } from '../context.ts';
import { inUse } from '../errors.ts';
import { guarded } from '../guarded.ts';
import { operate } from '../operations/operate.ts';
import { requireZone } from '../places/routes.ts';
import { KINDS } from '../resources/kinds.ts';
import { labelled, setLabels } from '../resources/labels.ts';
import { readRoutes } from '../resources/read-routes.ts';
import { checkName, keep, pathIn, requireFree, resourceOf } from '../resources/resource.ts';
import { bootDiskOf, diskFields } from './disks.ts';

const KIND = KINDS.disk;

interface Asked {
  readonly name?: string;
  readonly sourceImage?: string;
  readonly sizeGb?: string;
  readonly type?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** Disks by themselves (https://cloud.google.com/compute/docs/reference/rest/v1/disks). */
export const diskRoutes: readonly Route<Context>[] = [
  ...readRoutes(KIND),
  guarded('POST', '/zones/{zone}/disks', 'compute.disks.create', insert),
  guarded('DELETE', '/zones/{zone}/disks/{name}', 'compute.disks.delete', remove),
  guarded('POST', '/zones/{zone}/disks/{resource}/setLabels', 'compute.disks.setLabels', setLabels(KIND)),
];

function insert(call: Call, cloud: Context): Reply {
  const zone = requireZone(call.params.zone, cloud);
  const {
    name,
    sourceImage = call.query.get('sourceImage') ?? undefined,
    sizeGb,
    type,
    labels,
  } = json<Asked>(call);
  const path = pathIn(call, cloud, KIND, checkName(name));
  requireFree(cloud, path);
  const initializeParams = {
    ...(sourceImage !== undefined && { sourceImage }),
    ...(sizeGb !== undefined && { diskSizeGb: sizeGb }),
    ...(type !== undefined && { diskType: type }),
  };
  const disk = bootDiskOf(cloud, [{ boot: true, initializeParams }], 'resource');
  const made = keep(cloud, path, KIND, { ...diskFields(cloud, zone, disk), ...labelled(labels) });
  return operate(call, cloud, { type: 'insert', target: path, targetId: made.id, work: () => undefined });
}

function remove(call: Call, cloud: Context): Reply {
  const { path, resource } = resourceOf(call, cloud, KIND);
  const [user] = (resource.users ?? []) as readonly string[];
  if (user)
    throw inUse(KIND.word, `projects/${cloud.project.id}/${path}`, user.replace(/^.*\/(?=projects\/)/, ''));
  const work = () => void cloud.compute.resources.delete(path);
  return operate(call, cloud, { type: 'delete', target: path, targetId: resource.id, work });
}
