import type { Call } from '../../../kernel/http/call.ts';
import type { Context } from '../context.ts';
import { invalid, required } from '../errors.ts';
import { requirePermission } from '../guarded.ts';
import { nameIn, regionOf } from '../links.ts';
import { MACHINE_TYPES, type MachineType } from '../places/catalogue.ts';
import { labelled } from '../resources/labels.ts';
import type { AskedDisk } from './disks.ts';
import type { AskedInterface } from './interfaces.ts';
import { metadataOf } from './metadata.ts';
import { accountsFor } from './service-accounts.ts';
import { tagsOf } from './tags.ts';

/** What an instance is made by: of a request to insert one, or of a template. */
export interface Asked extends Readonly<Record<string, unknown>> {
  readonly machineType?: string;
  readonly disks?: readonly AskedDisk[];
  readonly networkInterfaces?: readonly AskedInterface[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly scheduling?: Readonly<Record<string, unknown>>;
}

/**
 * What is the same of every instance that is made so.
 *
 * @param accounts the service accounts, where their use was allowed before: to the template
 * @throws ComputeError for what Compute Engine refuses
 */
export function blueprintOf(
  call: Call | undefined,
  cloud: Context,
  asked: Asked,
  field = 'resource',
): Readonly<Record<string, unknown>> {
  const { description, scheduling, canIpForward = false, deletionProtection, shieldedInstanceConfig } = asked;
  const isSpot = scheduling?.provisioningModel === 'SPOT' || scheduling?.preemptible === true;
  return {
    ...(typeof description === 'string' && { description }),
    tags: tagsOf(asked.tags),
    metadata: metadataOf(asked.metadata, `${field}.metadata`),
    ...labelled(asked.labels),
    canIpForward,
    serviceAccounts: call ? accountsFor(call, cloud, asked.serviceAccounts) : asked.serviceAccounts,
    scheduling: {
      onHostMaintenance: isSpot ? 'TERMINATE' : 'MIGRATE',
      automaticRestart: !isSpot,
      preemptible: isSpot,
      provisioningModel: isSpot ? 'SPOT' : 'STANDARD',
      ...scheduling,
    },
    ...(deletionProtection !== undefined && { deletionProtection }),
    shieldedInstanceConfig: {
      ...{ enableSecureBoot: false, enableVtpm: true, enableIntegrityMonitoring: true },
      ...(shieldedInstanceConfig as object),
    },
  };
}

/** The machine type that a link names. @throws ComputeError for none, one that there is not, or of another zone */
export function machineTypeOf(
  link: unknown,
  zone: string | undefined,
  field = 'resource.machineType',
): MachineType {
  if (link === undefined || link === '') throw required(field);
  const [, elsewhere] = /zones\/([^/]+)\//.exec(String(link)) ?? [];
  const name = nameIn(link);
  if (/^(?:(?:e2|n1|n2|n2d)-)?custom-/.test(name))
    throw invalid(field, link, 'The local cloud has no custom machine types.');
  const type = MACHINE_TYPES.get(name);
  if (!type || (zone !== undefined && elsewhere !== undefined && elsewhere !== zone))
    throw invalid(field, link, `Machine type with name '${name}' does not exist in zone '${zone ?? '*'}'.`);
  return type;
}

/**
 * What one must hold to make such an instance
 * (https://cloud.google.com/compute/docs/instances/create-start-instance#required-roles).
 *
 * @throws ComputeError 403
 */
export function requireToMake(call: Call, cloud: Context, asked: Asked, zone: string, name: string): void {
  const path = `zones/${zone}/instances/${name}`;
  const region = regionOf(zone);
  const subnetwork = `regions/${region}/subnetworks/default`;
  const has = (value: unknown) => JSON.stringify(value ?? {}) !== '{}' && JSON.stringify(value) !== '[]';
  const { networkInterfaces = [], disks = [] } = asked;
  const accesses = networkInterfaces.flatMap(({ accessConfigs = [] }) => accessConfigs);
  const { items: metadata } = (asked.metadata ?? {}) as { items?: unknown };
  const { items: tags } = (asked.tags ?? {}) as { items?: unknown };
  const needed: readonly (readonly [boolean, string, string])[] = [
    [true, 'compute.instances.create', path],
    [has(metadata), 'compute.instances.setMetadata', path],
    [has(tags), 'compute.instances.setTags', path],
    [has(asked.labels), 'compute.instances.setLabels', path],
    [has(asked.serviceAccounts), 'compute.instances.setServiceAccount', path],
    [
      disks.some(({ initializeParams }) => initializeParams),
      'compute.disks.create',
      `zones/${zone}/disks/${name}`,
    ],
    [networkInterfaces.length > 0, 'compute.subnetworks.use', subnetwork],
    [accesses.length > 0, 'compute.subnetworks.useExternalIp', subnetwork],
    [accesses.some(({ natIP }) => natIP), 'compute.addresses.use', `regions/${region}/addresses`],
  ];
  for (const [isNeeded, permission, on] of needed)
    if (isNeeded) requirePermission(call, cloud, permission, on);
}
