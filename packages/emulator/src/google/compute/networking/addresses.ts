import { type Call, json, type Reply } from '../../../kernel/http/call.ts';
import type { Route } from '../../../kernel/http/route.ts';
import type { Context } from '../context.ts';
import { inUse, invalid, quotaExceeded } from '../errors.ts';
import { guarded } from '../guarded.ts';
import type { Item } from '../listing/value-at.ts';
import { operate } from '../operations/operate.ts';
import { KINDS } from '../resources/kinds.ts';
import { labelled, setLabels } from '../resources/labels.ts';
import { readRoutes } from '../resources/read-routes.ts';
import { checkName, keep, pathIn, requireFree, resourceOf } from '../resources/resource.ts';
import type { Resource } from '../state.ts';
import { externalAddressOf, freeAddress } from './loopback.ts';

const KIND = KINDS.address;
/** Reserved addresses of a region, unless the project asks for more (https://cloud.google.com/compute/resource-usage). */
const MOST = 8;

/** Reserved external addresses, of a region and global ones (https://cloud.google.com/compute/docs/reference/rest/v1/addresses). */
export const addressRoutes: readonly Route<Context>[] = [
  ...readRoutes(KIND, shown),
  ...KIND.places.flatMap(([place, permission]) => [
    guarded('POST', `${place}/addresses`, `${permission}.create`, insert),
    guarded('DELETE', `${place}/addresses/{name}`, `${permission}.delete`, remove),
    guarded('POST', `${place}/addresses/{resource}/setLabels`, `${permission}.setLabels`, setLabels(KIND)),
  ]),
];

/** The reserved address of that number, in a region. */
export function reserved({ compute }: Context, region: string, address: string): Resource | undefined {
  return compute.list(`regions/${region}/addresses`).find((one) => one.address === address);
}

/** The links of what uses an address. */
export function usersOf({ compute }: Context, { address }: Resource): readonly string[] {
  return compute
    .everywhere('instances')
    .filter((instance) => externalAddressOf(instance) === address)
    .map(({ selfLink }) => selfLink);
}

function insert(call: Call, cloud: Context): Reply {
  const {
    name,
    description,
    address,
    addressType = 'EXTERNAL',
    networkTier = 'PREMIUM',
    labels,
    ipVersion,
  } = json(call);
  const path = pathIn(call, cloud, KIND, checkName(name));
  requireFree(cloud, path);
  if (address !== undefined)
    throw invalid('resource.address', address, 'The local cloud chooses addresses: leave it out.');
  if (addressType !== 'EXTERNAL')
    throw invalid('resource.addressType', addressType, 'The local cloud has external addresses alone.');
  const { region } = call.params;
  const beside = cloud.compute.list(region ? `regions/${region}/addresses` : 'global/addresses');
  if (beside.length >= MOST)
    throw quotaExceeded('STATIC_ADDRESSES', MOST, region ? `in region ${region}` : 'globally');
  const made = keep(cloud, path, KIND, {
    ...(typeof description === 'string' && { description }),
    address: freeAddress(cloud.compute),
    addressType,
    networkTier,
    ...(ipVersion !== undefined && { ipVersion }),
    ...labelled(labels),
  });
  return operate(call, cloud, { type: 'insert', target: path, targetId: made.id, work: () => undefined });
}

function remove(call: Call, cloud: Context): Reply {
  const { path, resource } = resourceOf(call, cloud, KIND);
  const [user] = usersOf(cloud, resource);
  const own = `projects/${cloud.project.id}/${path}`;
  if (user) throw inUse(KIND.word, own, user.replace(/^.*\/(?=projects\/)/, ''));
  const work = () => void cloud.compute.resources.delete(path);
  return operate(call, cloud, { type: 'delete', target: path, targetId: resource.id, work });
}

function shown(address: Resource, cloud: Context): Item {
  const users = usersOf(cloud, address);
  return { ...address, status: users.length > 0 ? 'IN_USE' : 'RESERVED', ...(users.length > 0 && { users }) };
}
