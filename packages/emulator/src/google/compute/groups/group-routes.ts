import type { Route } from '../../../kernel/http/route.ts';
import { REGIONS } from '../../../kernel/resources/locations.ts';
import type { Context } from '../context.ts';
import { notFound } from '../errors.ts';
import { guarded } from '../guarded.ts';
import { linkTo } from '../links.ts';
import { aggregated, listed } from '../listing/listed.ts';
import type { Item } from '../listing/value-at.ts';
import { ZONES } from '../places/catalogue.ts';
import { placeOf } from '../places/routes.ts';
import type { Resource } from '../state.ts';
import { groupOf } from './group-of.ts';
import { pathIn } from './shown.ts';
import { pathOfMember } from './types.ts';

const PLACES = ['/zones/{zone}', '/regions/{region}'] as const;

/** The group behind each manager (https://cloud.google.com/compute/docs/reference/rest/v1/instanceGroups). No group scales by itself. */
export const groupRoutes: readonly Route<Context>[] = [
  ...PLACES.flatMap((place) => [
    guarded('GET', `${place}/instanceGroups`, 'compute.instanceGroups.list', (call, cloud) =>
      listed(
        call,
        'compute#instanceGroupList',
        managersIn(cloud, placeOf(call, cloud)).map((one) => shown(cloud, one)),
      ),
    ),
    guarded('GET', `${place}/instanceGroups/{name}`, 'compute.instanceGroups.get', (call, cloud) => ({
      body: shown(cloud, managerOf(cloud, `${placeOf(call, cloud)}/instanceGroups/${call.params.name}`)),
    })),
    guarded(
      'POST',
      `${place}/instanceGroups/{name}/listInstances`,
      'compute.instanceGroups.get',
      (call, cloud) => {
        const manager = managerOf(cloud, `${placeOf(call, cloud)}/instanceGroups/${call.params.name}`);
        const instances = groupOf(cloud, pathIn(manager)).members.flatMap((member) => {
          const instance = cloud.compute.resources.get(pathOfMember(member));
          return instance ? [{ instance: instance.selfLink, status: instance.status }] : [];
        });
        const isRegional = place.startsWith('/regions');
        return listed(call, `compute#${isRegional ? 'regionI' : 'i'}nstanceGroupsListInstances`, instances);
      },
    ),
    guarded('GET', `${place}/autoscalers`, 'compute.autoscalers.list', (call) =>
      listed(
        call,
        place.startsWith('/regions') ? 'compute#regionAutoscalerList' : 'compute#autoscalerList',
        [],
      ),
    ),
  ]),
  guarded('GET', '/aggregated/instanceGroups', 'compute.instanceGroups.list', (call, cloud) =>
    aggregated(
      call,
      'compute#instanceGroupAggregatedList',
      'instanceGroups',
      EVERYWHERE,
      cloud.compute
        .everywhere('instanceGroupManagers')
        .map((one) => [pathIn(one).split('/').slice(0, 2).join('/'), shown(cloud, one)]),
    ),
  ),
  guarded('GET', '/aggregated/autoscalers', 'compute.autoscalers.list', (call) =>
    aggregated(call, 'compute#autoscalerAggregatedList', 'autoscalers', EVERYWHERE, []),
  ),
];

const EVERYWHERE: readonly string[] = [
  ...REGIONS.map((region) => `regions/${region}`),
  ...ZONES.map((zone) => `zones/${zone}`),
];

function managersIn({ compute }: Context, place: string): readonly Resource[] {
  return compute.list(`${place}/instanceGroupManagers`);
}

function managerOf({ compute, project }: Context, path: string): Resource {
  const manager = compute.resources.get(path.replace('instanceGroups', 'instanceGroupManagers'));
  if (!manager) throw notFound(`projects/${project.id}/${path}`);
  return manager;
}

function shown(cloud: Context, manager: Resource): Item {
  const { id, name, creationTimestamp, namedPorts, zone, region, fingerprint, instanceGroup } = manager;
  return {
    kind: 'compute#instanceGroup',
    ...{ id, name, creationTimestamp, fingerprint },
    description: `This instance group is controlled by Instance Group Manager '${name}'. To modify instances in this group, use the Instance Group Manager API: https://cloud.google.com/compute/docs/reference/latest/instanceGroupManagers`,
    network: linkTo(cloud.project.id, 'global/networks/default'),
    ...(namedPorts !== undefined && { namedPorts }),
    ...(zone !== undefined && { zone }),
    ...(region !== undefined && { region }),
    size: groupOf(cloud, pathIn(manager)).members.length,
    selfLink: instanceGroup,
  };
}
