import { createHash } from 'node:crypto';
import type { Call, Reply } from '../../../kernel/http/call.ts';
import type { Route } from '../../../kernel/http/route.ts';
import { REGIONS } from '../../../kernel/resources/locations.ts';
import type { Context } from '../context.ts';
import { notFound } from '../errors.ts';
import { guarded } from '../guarded.ts';
import { linkTo, regionOf } from '../links.ts';
import { aggregated, listed } from '../listing/listed.ts';
import type { Item } from '../listing/value-at.ts';
import { DISK_TYPES, MACHINE_TYPES, ZONES, zonesOf } from './catalogue.ts';

const BORN = '1969-12-31T16:00:00.000-08:00';

/** What every zone has: machine types, kinds of disks. */
const EVERYWHERE = [
  ['machineTypes', 'compute#machineType', 'compute.machineTypes', [...MACHINE_TYPES.keys()], machineType],
  ['diskTypes', 'compute#diskType', 'compute.diskTypes', [...DISK_TYPES.keys()], diskType],
] as const;

/** Regions, zones and what there is in each of them (https://cloud.google.com/compute/docs/regions-zones). */
export const placeRoutes: readonly Route<Context>[] = [
  guarded('GET', '/regions', 'compute.regions.list', (call, cloud) =>
    listed(
      call,
      'compute#regionList',
      REGIONS.map((name) => region(cloud, name)),
    ),
  ),
  guarded('GET', '/regions/{name}', 'compute.regions.get', (call, cloud) => ({
    body: region(cloud, requireRegion(call.params.name, cloud)),
  })),
  guarded('GET', '/zones', 'compute.zones.list', (call, cloud) =>
    listed(
      call,
      'compute#zoneList',
      ZONES.map((name) => zone(cloud, name)),
    ),
  ),
  guarded('GET', '/zones/{name}', 'compute.zones.get', (call, cloud) => ({
    body: zone(cloud, requireZone(call.params.name, cloud)),
  })),
  ...EVERYWHERE.flatMap(([collection, kind, permission, names, show]) => [
    guarded('GET', `/zones/{zone}/${collection}`, `${permission}.list`, (call, cloud) => {
      const where = requireZone(call.params.zone, cloud);
      return listed(
        call,
        `${kind}List`,
        names.map((name) => show(cloud, where, name)),
      );
    }),
    guarded('GET', `/zones/{zone}/${collection}/{name}`, `${permission}.get`, (call, cloud): Reply => {
      const { name = '' } = call.params;
      const where = requireZone(call.params.zone, cloud);
      if (!names.includes(name))
        throw notFound(`projects/${cloud.project.id}/zones/${where}/${collection}/${name}`);
      return { body: show(cloud, where, name) };
    }),
    guarded('GET', `/aggregated/${collection}`, `${permission}.list`, (call, cloud) =>
      aggregated(
        call,
        `${kind}AggregatedList`,
        collection,
        ZONES.map((name) => `zones/${name}`),
        [
          ...ZONES.flatMap((where) =>
            names.map((name): [string, Item] => [`zones/${where}`, show(cloud, where, name)]),
          ),
        ],
      ),
    ),
  ]),
];

/** @throws ComputeError 404 for a zone that there is not */
export function requireZone(name: string | undefined, { project }: Pick<Context, 'project'>): string {
  if (name !== undefined && ZONES.includes(name)) return name;
  throw notFound(`projects/${project.id}/zones/${name}`);
}

/** @throws ComputeError 404 for a region that there is not */
export function requireRegion(name: string | undefined, { project }: Pick<Context, 'project'>): string {
  if (name !== undefined && REGIONS.includes(name)) return name;
  throw notFound(`projects/${project.id}/regions/${name}`);
}

/** The place of a call's path, e.g. `zones/us-west1-a`; `global`. @throws ComputeError 404 */
export function placeOf({ params: { zone: inZone, region: inRegion } }: Call, cloud: Context): string {
  if (inZone !== undefined) return `zones/${requireZone(inZone, cloud)}`;
  return inRegion === undefined ? 'global' : `regions/${requireRegion(inRegion, cloud)}`;
}

function region({ project, compute }: Context, name: string): Item {
  const used = compute.list(`regions/${name}/addresses`).length;
  return {
    kind: 'compute#region',
    id: idOf(name),
    creationTimestamp: BORN,
    name,
    description: name,
    status: 'UP',
    zones: zonesOf(name).map((one) => linkTo(project.id, `zones/${one}`)),
    quotas: [
      { metric: 'STATIC_ADDRESSES', limit: 8, usage: used },
      { metric: 'IN_USE_ADDRESSES', limit: 8, usage: 0 },
      { metric: 'CPUS', limit: 24, usage: 0 },
    ],
    selfLink: linkTo(project.id, `regions/${name}`),
  };
}

function zone({ project }: Context, name: string): Item {
  return {
    kind: 'compute#zone',
    id: idOf(name),
    creationTimestamp: BORN,
    name,
    description: name,
    status: 'UP',
    region: linkTo(project.id, `regions/${regionOf(name)}`),
    availableCpuPlatforms: ['Intel Broadwell', 'Intel Cascade Lake', 'Ampere Altra'],
    selfLink: linkTo(project.id, `zones/${name}`),
  };
}

function machineType({ project }: Context, where: string, name: string): Item {
  const { cpus = 0, memory = 0, isShared = false, architecture } = MACHINE_TYPES.get(name) ?? {};
  return {
    kind: 'compute#machineType',
    id: idOf(name),
    creationTimestamp: BORN,
    name,
    description: `${isShared ? 'Shared-core' : `${cpus} vCPUs`}, ${memory / 1024} GB RAM`,
    guestCpus: cpus,
    memoryMb: memory,
    maximumPersistentDisks: isShared ? 16 : 128,
    maximumPersistentDisksSizeGb: isShared ? '3072' : '263168',
    zone: where,
    isSharedCpu: isShared,
    architecture,
    selfLink: linkTo(project.id, `zones/${where}/machineTypes/${name}`),
  };
}

function diskType({ project }: Context, where: string, name: string): Item {
  return {
    kind: 'compute#diskType',
    id: idOf(name),
    creationTimestamp: BORN,
    name,
    description: name,
    validDiskSize: DISK_TYPES.get(name),
    zone: linkTo(project.id, `zones/${where}`),
    defaultDiskSizeGb: '100',
    selfLink: linkTo(project.id, `zones/${where}/diskTypes/${name}`),
  };
}

function idOf(name: string): string {
  return String(createHash('sha256').update(name).digest().readUInt32BE());
}
