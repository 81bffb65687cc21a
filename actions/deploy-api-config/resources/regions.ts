import { ActionError } from '@gangway/action';
import { fields, list, text } from '@gangway/http';
import type { Work } from '../plan/work.ts';

/** Where API Gateway was offered when this was written (https://cloud.google.com/api-gateway/docs/deployment-model). */
const KNOWN = new Set([
  'asia-northeast1',
  'australia-southeast1',
  'europe-west1',
  'europe-west2',
  'us-central1',
  'us-east1',
  'us-east4',
  'us-west2',
  'us-west3',
  'us-west4',
]);

interface Location {
  readonly locationId?: string;
}

const LOCATIONS = fields<{ locations?: readonly Location[] }>({
  locations: list(fields<Location>({ locationId: text })),
});

/**
 * Asks Google about regions that are not known to have API Gateway, before anything is made.
 *
 * @throws ActionError `region` with the list of those that have it
 */
export async function checkRegions({ cloud, plan }: Work): Promise<void> {
  const doubtful = plan.places.map(({ location }) => location).filter((location) => !KNOWN.has(location));
  if (doubtful.length === 0) return;
  const { locations = [] } = await cloud.request({
    service: 'apigateway',
    method: 'GET',
    path: `v1/projects/${plan.projectId}/locations`,
    query: { pageSize: '1000' },
    answer: LOCATIONS,
  });
  const offered = locations.flatMap(({ locationId }) =>
    locationId && locationId !== 'global' ? [locationId] : [],
  );
  const wrong = doubtful.filter((location) => !offered.includes(location));
  if (wrong.length === 0) return;
  throw new ActionError(`API Gateway is not offered in ${wrong.join(', ')}.`, {
    code: 'region',
    hint: `set location to one of ${offered.sort().join(', ')}; the backend may stay where it is`,
  });
}
