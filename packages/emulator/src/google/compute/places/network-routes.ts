import { createHash } from 'node:crypto';
import type { Route } from '../../../kernel/http/route.ts';
import { REGIONS } from '../../../kernel/resources/locations.ts';
import type { Context } from '../context.ts';
import { notFound } from '../errors.ts';
import { guarded } from '../guarded.ts';
import { linkTo } from '../links.ts';
import { aggregated, listed } from '../listing/listed.ts';
import type { Item } from '../listing/value-at.ts';
import { requireRegion } from './routes.ts';

const BORN = '2024-01-02T03:04:05.000-08:00';

/** The network that every project begins with, and its subnetwork in each region (https://cloud.google.com/vpc/docs/vpc#default-network). */
export const networkRoutes: readonly Route<Context>[] = [
  guarded('GET', '/global/networks', 'compute.networks.list', (call, cloud) =>
    listed(call, 'compute#networkList', [network(cloud)]),
  ),
  guarded('GET', '/global/networks/{name}', 'compute.networks.get', (call, cloud) => {
    const { name } = call.params;
    if (name !== 'default') throw notFound(`projects/${cloud.project.id}/global/networks/${name}`);
    return { body: network(cloud) };
  }),
  guarded('GET', '/regions/{region}/subnetworks', 'compute.subnetworks.list', (call, cloud) =>
    listed(call, 'compute#subnetworkList', [subnetwork(cloud, requireRegion(call.params.region, cloud))]),
  ),
  guarded('GET', '/regions/{region}/subnetworks/{name}', 'compute.subnetworks.get', (call, cloud) => {
    const region = requireRegion(call.params.region, cloud);
    const { name } = call.params;
    if (name !== 'default')
      throw notFound(`projects/${cloud.project.id}/regions/${region}/subnetworks/${name}`);
    return { body: subnetwork(cloud, region) };
  }),
  guarded('GET', '/aggregated/subnetworks', 'compute.subnetworks.list', (call, cloud) =>
    aggregated(
      call,
      'compute#subnetworkAggregatedList',
      'subnetworks',
      REGIONS.map((region) => `regions/${region}`),
      REGIONS.map((region) => [`regions/${region}`, subnetwork(cloud, region)]),
    ),
  ),
];

/** The second number of a region's addresses in 10.128.0.0/9. */
export function subnetOf(region: string): string {
  return `10.${128 + REGIONS.indexOf(region) * 2}.0`;
}

function network({ project }: Context): Item {
  return {
    kind: 'compute#network',
    id: idOf('default'),
    creationTimestamp: BORN,
    name: 'default',
    description: 'Default network for the project',
    autoCreateSubnetworks: true,
    subnetworks: REGIONS.map((region) => linkTo(project.id, `regions/${region}/subnetworks/default`)),
    routingConfig: { routingMode: 'REGIONAL' },
    networkFirewallPolicyEnforcementOrder: 'AFTER_CLASSIC_FIREWALL',
    selfLink: linkTo(project.id, 'global/networks/default'),
  };
}

function subnetwork({ project }: Context, region: string): Item {
  return {
    kind: 'compute#subnetwork',
    id: idOf(region),
    creationTimestamp: BORN,
    name: 'default',
    network: linkTo(project.id, 'global/networks/default'),
    ipCidrRange: `${subnetOf(region)}.0/20`,
    gatewayAddress: `${subnetOf(region)}.1`,
    region: linkTo(project.id, `regions/${region}`),
    privateIpGoogleAccess: false,
    purpose: 'PRIVATE',
    stackType: 'IPV4_ONLY',
    fingerprint: Buffer.from(region).subarray(0, 8).toString('base64'),
    selfLink: linkTo(project.id, `regions/${region}/subnetworks/default`),
  };
}

function idOf(name: string): string {
  return String(createHash('sha256').update(`network ${name}`).digest().readBigUInt64BE() >> 1n);
}
