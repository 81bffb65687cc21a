/** A kind of resource, and where it is. */
export interface Kind {
  /** As paths have it, e.g. `instances`. */
  readonly collection: string;
  /** As answers have it, e.g. `compute#instance`. */
  readonly kind: string;
  /** As messages have it, e.g. `instance_template`. */
  readonly word: string;
  /** Where it is, with what its permissions there begin with. */
  readonly places: readonly (readonly [template: Place, permission: string])[];
  /** Whether one list has those of all places. */
  readonly isAggregated: boolean;
}

export type Place = '/global' | '/regions/{region}' | '/zones/{zone}';

const ZONE = '/zones/{zone}';
const REGION = '/regions/{region}';
const GLOBAL = '/global';

function kind(
  collection: string,
  one: string,
  word: string,
  places: Kind['places'],
  isAggregated = true,
): Kind {
  return { collection, kind: `compute#${one}`, word, places, isAggregated };
}

/** The kinds of resources that a project makes. */
export const KINDS = {
  instance: kind('instances', 'instance', 'instance', [[ZONE, 'compute.instances']]),
  disk: kind('disks', 'disk', 'disk', [[ZONE, 'compute.disks']]),
  address: kind('addresses', 'address', 'address', [
    [REGION, 'compute.addresses'],
    [GLOBAL, 'compute.globalAddresses'],
  ]),
  firewall: kind('firewalls', 'firewall', 'firewall', [[GLOBAL, 'compute.firewalls']], false),
  healthCheck: kind('healthChecks', 'healthCheck', 'health_check', [
    [GLOBAL, 'compute.healthChecks'],
    [REGION, 'compute.regionHealthChecks'],
  ]),
  template: kind('instanceTemplates', 'instanceTemplate', 'instance_template', [
    [GLOBAL, 'compute.instanceTemplates'],
    [REGION, 'compute.instanceTemplates'],
  ]),
  manager: kind('instanceGroupManagers', 'instanceGroupManager', 'instance_group_manager', [
    [ZONE, 'compute.instanceGroupManagers'],
    [REGION, 'compute.instanceGroupManagers'],
  ]),
} as const satisfies Record<string, Kind>;
