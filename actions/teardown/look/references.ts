import { fields, list, text } from '@gangway/http';
import { findAll } from './ask.ts';
import type { Asker } from './asker.ts';
import { inParallel } from './in-parallel.ts';

/** An image that a revision of a service or worker pool, or a job, names. */
export interface Reference {
  /** As it is written there. */
  readonly image: string;
  /** Full name of the service, job or worker pool. */
  readonly by: string;
}

interface Named {
  readonly containers?: readonly { readonly image?: string }[];
}

interface Owner extends Named {
  readonly name: string;
  readonly template?: { readonly template?: Named };
}

const NAMED = { containers: list(fields<{ image?: string }>({ image: text })) };
const OWNER = fields<Owner>(
  {
    ...NAMED,
    name: text,
    template: fields<NonNullable<Owner['template']>>({ template: fields<Named>(NAMED) }),
  },
  'name',
);

interface Page {
  readonly revisions?: readonly Owner[];
  readonly jobs?: readonly Owner[];
  readonly workerPools?: readonly Owner[];
  readonly locations?: readonly { readonly locationId?: string }[];
  readonly nextPageToken?: string;
}

const PAGE = fields<Page>({
  revisions: list(OWNER),
  jobs: list(OWNER),
  workerPools: list(OWNER),
  locations: list(fields<{ locationId?: string }>({ locationId: text })),
  nextPageToken: text,
});

/** Regions that are asked at once. */
const AT_ONCE = 6;

/**
 * The images that any revision and job of the project names, in every region. The API lists one region at a time: "Location must be
 * a valid Google Cloud region, and cannot be the - wildcard". That "-" stands for all pools too is said of services alone.
 *
 * @see https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.services/list
 */
export async function lookAtReferences(asker: Asker): Promise<Reference[]> {
  const home = `projects/${asker.projectId}/locations`;
  const locations = await findAll(asker, { service: 'run', path: `v1/${home}` }, (value, place) => {
    const { locations: items = [], nextPageToken: next } = PAGE(value, place);
    return { items, next };
  });
  const regions = locations.flatMap(({ locationId }) => locationId ?? []);
  const found = await inParallel(regions, AT_ONCE, async (region) => [
    ...(await owners(asker, `v2/${home}/${region}/services/-/revisions`)),
    ...(await owners(asker, `v2/${home}/${region}/jobs`)),
    ...(await poolRevisions(asker, `v2/${home}/${region}/workerPools`)),
  ]);
  return found.flat().flatMap((owner) => {
    const by = owner.name.replace(/\/revisions\/[^/]+$/, '');
    const containers = [...(owner.containers ?? []), ...(owner.template?.template?.containers ?? [])];
    return containers.flatMap(({ image }) => (image ? [{ image, by }] : []));
  });
}

async function poolRevisions(asker: Asker, path: string): Promise<Owner[]> {
  const pools = await owners(asker, path);
  const ids = pools.map(({ name }) => name.split('/').at(-1) ?? '');
  return (await inParallel(ids, AT_ONCE, (id) => owners(asker, `${path}/${id}/revisions`))).flat();
}

function owners(asker: Asker, path: string): Promise<readonly Owner[]> {
  return findAll(asker, { service: 'run', path }, (value, place) => {
    const { revisions = [], jobs = [], workerPools = [], nextPageToken: next } = PAGE(value, place);
    return { items: [...revisions, ...jobs, ...workerPools], next };
  });
}
