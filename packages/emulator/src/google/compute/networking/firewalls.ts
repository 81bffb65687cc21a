import { type Call, json, type Reply } from '../../../kernel/http/call.ts';
import type { Route } from '../../../kernel/http/route.ts';
import type { Context } from '../context.ts';
import { notFound } from '../errors.ts';
import { guarded, requirePermission } from '../guarded.ts';
import { linkTo, pathOf } from '../links.ts';
import { operate } from '../operations/operate.ts';
import { KINDS } from '../resources/kinds.ts';
import { readRoutes } from '../resources/read-routes.ts';
import { change, checkName, keep, pathIn, requireFree, resourceOf } from '../resources/resource.ts';
import { checkedFirewall } from './firewall.ts';

const KIND = KINDS.firewall;
const NETWORK = 'global/networks/default';

/** Firewall rules of the network (https://cloud.google.com/compute/docs/reference/rest/v1/firewalls). */
export const firewallRoutes: readonly Route<Context>[] = [
  ...readRoutes(KIND),
  guarded('POST', '/global/firewalls', 'compute.firewalls.create', insert),
  guarded('PATCH', '/global/firewalls/{name}', 'compute.firewalls.update', (call, cloud) =>
    write(call, cloud, true),
  ),
  guarded('PUT', '/global/firewalls/{name}', 'compute.firewalls.update', (call, cloud) =>
    write(call, cloud, false),
  ),
  guarded('DELETE', '/global/firewalls/{name}', 'compute.firewalls.delete', remove),
];

/** @see https://cloud.google.com/compute/docs/reference/rest/v1/firewalls/insert, "IAM permissions" */
function insert(call: Call, cloud: Context): Reply {
  const asked = json(call);
  const path = pathIn(call, cloud, KIND, checkName(asked.name));
  requireFree(cloud, path);
  requirePermission(call, cloud, 'compute.networks.updatePolicy', NETWORK);
  const made = keep(cloud, path, KIND, checkedFirewall(asked, networkOf(asked.network, cloud)));
  return operate(call, cloud, { type: 'insert', target: path, targetId: made.id, work: () => undefined });
}

/** @param isPatch whether what is not given stays as it is */
function write(call: Call, cloud: Context, isPatch: boolean): Reply {
  const { path, resource } = resourceOf(call, cloud, KIND);
  requirePermission(call, cloud, 'compute.networks.updatePolicy', NETWORK);
  const asked = json(call);
  const wanted = isPatch ? { ...resource, ...asked } : asked;
  const fields = checkedFirewall(wanted, networkOf(wanted.network, cloud));
  const work = () => {
    change(cloud, path, fields);
  };
  return operate(call, cloud, {
    type: isPatch ? 'patch' : 'update',
    target: path,
    targetId: resource.id,
    work,
  });
}

function remove(call: Call, cloud: Context): Reply {
  const { path, resource } = resourceOf(call, cloud, KIND);
  requirePermission(call, cloud, 'compute.networks.updatePolicy', NETWORK);
  const work = () => void cloud.compute.resources.delete(path);
  return operate(call, cloud, { type: 'delete', target: path, targetId: resource.id, work });
}

/** The one network there is. @throws ComputeError 404 */
export function networkOf(link: unknown, { project }: Context, field = 'resource.network'): string {
  if (link === undefined) return linkTo(project.id, NETWORK);
  const { project: owner, path } = pathOf(link, project.id, field, 'global/networks');
  if (path !== NETWORK) throw notFound(`projects/${owner}/${path}`);
  return linkTo(project.id, NETWORK);
}
