import type { Route } from '../../../kernel/http/route.ts';
import type { Context } from '../context.ts';
import { guarded } from '../guarded.ts';
import { runPolicyRoutes } from '../policies.ts';
import { createService } from './create.ts';
import { patchService } from './patch.ts';
import { nameOf, serviceOf } from './path.ts';
import { deleteRevision, getRevision, listRevisions } from './revisions.ts';
import { deleteService, getService, listServices } from './services.ts';

const services = '/v2/projects/{project}/locations/{location}/services';
const service = `${services}/{service}`;

/** Cloud Run Admin API v2, services and revisions (https://cloud.google.com/run/docs/reference/rest/v2). */
export const runRoutes: readonly Route<Context>[] = [
  guarded('POST', services, 'services.create', createService),
  guarded('GET', services, 'services.list', listServices),
  guarded('GET', service, 'services.get', getService),
  guarded('PATCH', service, 'services.update', patchService),
  guarded('DELETE', service, 'services.delete', deleteService),
  guarded('GET', `${service}/revisions`, 'revisions.list', listRevisions),
  guarded('GET', `${service}/revisions/{revision}`, 'revisions.get', getRevision),
  guarded('DELETE', `${service}/revisions/{revision}`, 'revisions.delete', deleteRevision),
  // gcloud asks version 1 for policies.
  ...[service, service.replace('/v2/', '/v1/')].flatMap((template) =>
    runPolicyRoutes(template, 'services', nameOf, serviceOf),
  ),
];
