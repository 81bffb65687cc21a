import { setTimeout as sleep } from 'node:timers/promises';
import type { Call, Reply } from '../../../kernel/http/call.ts';
import type { Route } from '../../../kernel/http/route.ts';
import type { Context } from '../context.ts';
import { guarded } from '../guarded.ts';
import { aggregated, listed } from '../listing/listed.ts';
import type { Item } from '../listing/value-at.ts';
import { shownOperation } from './shown.ts';

/** Milliseconds that `wait` waits at most (https://cloud.google.com/compute/docs/reference/rest/v1/zoneOperations/wait). */
const PATIENCE = 120_000;

const PLACES = [
  ['/global', 'globalOperations'],
  ['/regions/{region}', 'regionOperations'],
  ['/zones/{zone}', 'zoneOperations'],
] as const;

/** The operations of each place (https://cloud.google.com/compute/docs/api/how-tos/api-requests-responses). */
export const operationRoutes: readonly Route<Context>[] = [
  guarded('GET', '/aggregated/operations', 'compute.globalOperations.list', everywhere),
  ...PLACES.flatMap(([place, kind]) => [
    guarded('GET', `${place}/operations`, `compute.${kind}.list`, list),
    guarded('GET', `${place}/operations/{name}`, `compute.${kind}.get`, (call, cloud) => ({
      body: shownOperation(cloud, pathOf(call)),
    })),
    guarded('POST', `${place}/operations/{name}/wait`, `compute.${kind}.get`, wait),
  ]),
];

function list(call: Call, cloud: Context): Reply {
  const place = placeOf(call);
  const all = [...cloud.compute.operations]
    .filter(([, record]) => record.place === place)
    .map(([path]) => shownOperation(cloud, path))
    .reverse();
  return listed(call, 'compute#operationList', all);
}

function everywhere(call: Call, cloud: Context): Reply {
  const all = [...cloud.compute.operations]
    .map(([path, { place }]): [string, Item] => [place, shownOperation(cloud, path)])
    .reverse();
  const places = [...new Set(['global', ...all.map(([place]) => place)])];
  return aggregated(call, 'compute#operationAggregatedList', 'operations', places, all);
}

async function wait(call: Call, cloud: Context): Promise<Reply> {
  const path = pathOf(call);
  const until = Date.now() + PATIENCE;
  for (;;) {
    const body = shownOperation(cloud, path);
    if (body.status === 'DONE' || Date.now() >= until) return { body };
    await sleep(20);
  }
}

function pathOf(call: Call): string {
  return `${placeOf(call)}/operations/${call.params.name}`;
}

function placeOf({ params: { region, zone } }: Call): string {
  return zone ? `zones/${zone}` : region ? `regions/${region}` : 'global';
}
