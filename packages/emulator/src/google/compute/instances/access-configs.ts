import { type Call, json, type Reply } from '../../../kernel/http/call.ts';
import type { Context } from '../context.ts';
import { badRequest, invalid } from '../errors.ts';
import { fingerprintOf } from '../fingerprint.ts';
import { requirePermission } from '../guarded.ts';
import { regionOf } from '../links.ts';
import type { NetworkInterface } from '../networking/loopback.ts';
import { operate } from '../operations/operate.ts';
import { KINDS } from '../resources/kinds.ts';
import { change, resourceOf } from '../resources/resource.ts';
import type { Resource } from '../state.ts';
import { type AskedAccess, accessOf } from './interfaces.ts';

/** Gives an instance an external address. */
export function addAccessConfig(call: Call, cloud: Context): Reply {
  const { path, resource } = resourceOf(call, cloud, KINDS.instance);
  const nic = nicOf(call, resource);
  const region = regionOf(call.params.zone ?? '');
  const asked = json<AskedAccess>(call);
  requirePermission(
    call,
    cloud,
    'compute.subnetworks.useExternalIp',
    `regions/${region}/subnetworks/default`,
  );
  if (asked.natIP) requirePermission(call, cloud, 'compute.addresses.use', `regions/${region}/addresses`);
  if (nic.accessConfigs?.length)
    throw badRequest('At most one access config currently supported.', 'invalid', 'INVALID_USAGE');
  const accessConfigs = [accessOf(cloud, region, asked, 'resource')];
  return changed(call, cloud, path, resource, 'addAccessConfig', { ...nic, accessConfigs });
}

/** Takes it away. */
export function deleteAccessConfig(call: Call, cloud: Context): Reply {
  const { path, resource } = resourceOf(call, cloud, KINDS.instance);
  const { accessConfigs = [], ...nic } = nicOf(call, resource);
  const name = call.query.get('accessConfig');
  if (!accessConfigs.some((access) => access.name === name))
    throw invalid('accessConfig', name ?? '', 'The specified access config does not exist.');
  return changed(call, cloud, path, resource, 'deleteAccessConfig', nic);
}

function changed(
  call: Call,
  cloud: Context,
  path: string,
  { id }: Resource,
  type: string,
  nic: NetworkInterface,
): Reply {
  const fingerprint = fingerprintOf(['interface', nic.networkIP, nic.accessConfigs]);
  // At once, so that nothing else takes the address.
  change(cloud, path, { networkInterfaces: [{ ...nic, fingerprint }] });
  const work = () => cloud.machines.changed(path);
  return operate(call, cloud, { type, target: path, targetId: id, work });
}

function nicOf({ query }: Call, { networkInterfaces }: Resource): NetworkInterface {
  const name = query.get('networkInterface') ?? '';
  const nic = (networkInterfaces as readonly NetworkInterface[]).find((one) => one.name === name);
  if (!nic) throw invalid('networkInterface', name, 'The specified network interface does not exist.');
  return nic;
}
