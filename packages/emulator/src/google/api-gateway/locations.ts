import { ApiError } from '../../kernel/errors.ts';
import type { Call, Reply } from '../../kernel/http/call.ts';
import type { Route } from '../../kernel/http/route.ts';
import { listed } from '../../kernel/resources/listing.ts';
import { shownLocation } from '../../kernel/resources/locations.ts';
import { guarded, PROJECT, REGION } from './access.ts';
import type { Context } from './context.ts';

/** Where gateways may be, and the region code in their host names (https://cloud.google.com/api-gateway/docs/deployment-model). */
const REGION_CODES: Readonly<Record<string, string>> = {
  'asia-northeast1': 'an',
  'australia-southeast1': 'ts',
  'europe-west1': 'ew',
  'europe-west2': 'nw',
  'us-central1': 'uc',
  'us-east1': 'ue',
  'us-east4': 'uk',
  'us-west2': 'wl',
  'us-west3': 'wm',
  'us-west4': 'wn',
};

export const locationRoutes: readonly Route<Context>[] = [
  guarded('GET', `${PROJECT}/locations`, 'locations.list', listLocations, PROJECT),
  guarded('GET', REGION, 'locations.get', getLocation),
];

/**
 * The code of a region in host names, e.g. `uc`.
 * @throws ApiError NOT_FOUND where API Gateway is not offered
 */
export function regionCode(location: string): string {
  const code = Object.hasOwn(REGION_CODES, location) ? REGION_CODES[location] : undefined;
  if (!code) throw new ApiError('NOT_FOUND', `Location ${location} is not found or access is unauthorized.`);
  return code;
}

function listLocations(call: Call, { project: { id } }: Context): Reply {
  return listed(
    call,
    'locations',
    ['global', ...Object.keys(REGION_CODES)].map((location) => shownLocation(id, location)),
  );
}

function getLocation(call: Call, { project: { id } }: Context): Reply {
  const location = call.params.location ?? '';
  if (location !== 'global') regionCode(location);
  return { body: shownLocation(id, location) };
}
