import type { Route } from '../../../kernel/http/route.ts';
import { REGIONS } from '../../../kernel/resources/locations.ts';
import type { Context } from '../context.ts';
import { guarded } from '../guarded.ts';
import { aggregated, listed } from '../listing/listed.ts';
import type { Item } from '../listing/value-at.ts';
import { ZONES } from '../places/catalogue.ts';
import { placeOf } from '../places/routes.ts';
import type { Resource } from '../state.ts';
import type { Kind, Place } from './kinds.ts';
import { resourceOf } from './resource.ts';

/**
 * get, list and aggregatedList of a kind.
 *
 * @param show how a resource is shown, where that is not as it is kept
 */
export function readRoutes(
  kind: Kind,
  show: (resource: Resource, cloud: Context) => Item = (resource) => resource,
): readonly Route<Context>[] {
  const { collection, places, isAggregated } = kind;
  const [, first] = places[0] ?? [];
  return [
    ...places.flatMap(([place, permission]) => [
      guarded('GET', `${place}/${collection}`, `${permission}.list`, (call, cloud) =>
        listed(
          call,
          `${kind.kind}List`,
          cloud.compute.list(`${placeOf(call, cloud)}/${collection}`).map((one) => show(one, cloud)),
        ),
      ),
      guarded('GET', `${place}/${collection}/{name}`, `${permission}.get`, (call, cloud) => ({
        body: show(resourceOf(call, cloud, kind).resource, cloud),
      })),
    ]),
    ...(isAggregated
      ? [
          guarded('GET', `/aggregated/${collection}`, `${first}.list`, (call, cloud) =>
            aggregated(
              call,
              `${kind.kind}AggregatedList`,
              collection,
              places.flatMap(([place]) => allOf(place)),
              cloud.compute.everywhere(collection).map((one) => [whereIs(one), show(one, cloud)] as const),
            ),
          ),
        ]
      : []),
  ];
}

function allOf(place: Place): readonly string[] {
  if (place === '/global') return ['global'];
  return place === '/zones/{zone}'
    ? ZONES.map((zone) => `zones/${zone}`)
    : REGIONS.map((region) => `regions/${region}`);
}

function whereIs({ selfLink }: Resource): string {
  return /\/((?:zones|regions)\/[^/]+)\/[^/]+\/[^/]+$/.exec(selfLink)?.[1] ?? 'global';
}
