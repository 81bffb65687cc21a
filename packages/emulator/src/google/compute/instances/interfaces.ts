import type { Context } from '../context.ts';
import { badRequest, invalid, notFound } from '../errors.ts';
import { fingerprintOf } from '../fingerprint.ts';
import { linkTo, pathOf, regionOf } from '../links.ts';
import { reserved, usersOf } from '../networking/addresses.ts';
import { networkOf } from '../networking/firewalls.ts';
import { type AccessConfig, freeAddress, type NetworkInterface } from '../networking/loopback.ts';
import { subnetOf } from '../places/network-routes.ts';

/** An interface of a new instance, as it is asked for. */
export interface AskedInterface {
  readonly network?: string;
  readonly subnetwork?: string;
  readonly networkIP?: string;
  readonly accessConfigs?: readonly AskedAccess[];
}

export interface AskedAccess {
  readonly name?: string;
  readonly type?: string;
  readonly natIP?: string;
  readonly networkTier?: string;
}

/**
 * The one interface of an instance, in the default network.
 *
 * @throws ComputeError for a network, or an address, that there is not
 */
export function interfaceOf(
  cloud: Context,
  zone: string,
  asked: readonly AskedInterface[],
  field = 'resource.networkInterfaces',
): NetworkInterface {
  const [first, ...rest] = asked;
  if (!first) throw invalid(field, '', 'At least one network interface is required.');
  if (rest.length > 0) throw invalid(field, '', 'The local cloud has one network, and one interface to it.');
  const { id } = cloud.project;
  const region = regionOf(zone);
  const subnetwork = `regions/${region}/subnetworks/default`;
  if (first.subnetwork !== undefined) {
    const { path } = pathOf(first.subnetwork, id, `${field}[0].subnetwork`, `regions/${region}/subnetworks`);
    if (path !== subnetwork) throw notFound(`projects/${id}/${path}`);
  }
  const accessConfigs = (first.accessConfigs ?? []).map((access, index) =>
    accessOf(cloud, region, access, `${field}[0].accessConfigs[${index}]`),
  );
  if (accessConfigs.length > 1)
    throw invalid(`${field}[0].accessConfigs`, '', 'At most one access config currently supported.');
  const networkIP = internalAddress(cloud, region);
  return {
    kind: 'compute#networkInterface',
    name: 'nic0',
    network: networkOf(first.network, cloud, `${field}[0].network`),
    subnetwork: linkTo(id, subnetwork),
    networkIP,
    stackType: 'IPV4_ONLY',
    fingerprint: fingerprintOf(['interface', networkIP, accessConfigs]),
    ...(accessConfigs.length > 0 && { accessConfigs }),
  };
}

/** A way to an interface from outside: by a reserved address of the region, or one that it has while it runs. */
export function accessOf(cloud: Context, region: string, asked: AskedAccess, field: string): AccessConfig {
  const { name = 'External NAT', type = 'ONE_TO_ONE_NAT', natIP, networkTier = 'PREMIUM' } = asked;
  if (natIP === undefined)
    return { kind: 'compute#accessConfig', type, name, natIP: freeAddress(cloud.compute), networkTier };
  const address = reserved(cloud, region, natIP);
  if (!address)
    throw invalid(
      `${field}.natIP`,
      natIP,
      `The specified external IP address '${natIP}' was not found in region '${region}'.`,
    );
  const [user] = usersOf(cloud, address);
  if (user)
    throw badRequest(
      `External IP address: ${natIP} is already in-use.`,
      'externalIpInUse',
      'IP_IN_USE_BY_ANOTHER_RESOURCE',
    );
  return { kind: 'compute#accessConfig', type, name, natIP, networkTier };
}

/** The interfaces of an instance that doesn't run: an address that isn't reserved is another's then. */
export function withoutEphemeral(
  cloud: Context,
  zone: string,
  interfaces: readonly NetworkInterface[],
): readonly NetworkInterface[] {
  return interfaces.map((one) => ({
    ...one,
    ...(one.accessConfigs && {
      accessConfigs: one.accessConfigs.map(({ natIP, ...access }) =>
        natIP !== undefined && reserved(cloud, regionOf(zone), natIP) ? { ...access, natIP } : access,
      ),
    }),
  }));
}

/** The interfaces of an instance that runs. */
export function withEphemeral(
  cloud: Context,
  interfaces: readonly NetworkInterface[],
): readonly NetworkInterface[] {
  return interfaces.map((one) => ({
    ...one,
    ...(one.accessConfigs && {
      accessConfigs: one.accessConfigs.map((access) => ({
        ...access,
        natIP: access.natIP ?? freeAddress(cloud.compute),
      })),
    }),
  }));
}

function internalAddress({ compute }: Context, region: string): string {
  const taken = new Set(
    compute
      .everywhere('instances')
      .flatMap(({ networkInterfaces }) =>
        (networkInterfaces as readonly NetworkInterface[]).map((one) => one.networkIP),
      ),
  );
  for (let last = 2; ; last += 1) {
    const address = `${subnetOf(region).replace(/\.0$/, '')}.${last >> 8}.${last & 255}`;
    if (!taken.has(address)) return address;
  }
}
