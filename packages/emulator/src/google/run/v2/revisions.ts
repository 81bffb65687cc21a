import { timestamp } from '../../../kernel/clock.ts';
import { ApiError } from '../../../kernel/errors.ts';
import type { Call, Reply } from '../../../kernel/http/call.ts';
import { page } from '../../../kernel/resources/page.ts';
import type { Context } from '../context.ts';
import { absent, operationName, parentOf, serviceOf } from './path.ts';
import type { StoredService } from './state.ts';
import type { Revision } from './types.ts';

const REVISION_TYPE = 'type.googleapis.com/google.cloud.run.v2.Revision';

/** GET …/revisions, the newest first; `-` lists those of every service. */
export function listRevisions(call: Call, cloud: Context): Reply {
  const services =
    call.params.service === '-' ? cloud.run.list(`${parentOf(call)}/`) : [serviceOf(call, cloud)];
  const all = services.flatMap(({ revisions }) => [...revisions.values()].reverse());
  const { items, nextPageToken } = page(call, all, 1000);
  return { body: { revisions: items, ...(nextPageToken && { nextPageToken }) } };
}

export function getRevision(call: Call, cloud: Context): Reply {
  return { body: revisionIn(call, serviceOf(call, cloud)) };
}

/**
 * Deletes a revision, unless it may get requests, by a share or a tag, or is the latest or the only one
 * (https://cloud.google.com/run/docs/managing/revisions#delete).
 */
export function deleteRevision(call: Call, cloud: Context): Reply {
  const stored = serviceOf(call, cloud);
  const revision = revisionIn(call, stored);
  const { resource, revisions } = stored;
  const id = call.params.revision ?? '';
  if (resource.latestCreatedRevision === revision.name)
    throw refused('The latest created Revision can not be directly deleted.');
  const routed = [...resource.traffic, ...(resource.trafficStatuses ?? [])];
  if (routed.some((target) => target.revision === id) || resource.latestReadyRevision === revision.name)
    throw refused(`Revision '${id}' can not be deleted: it is able to receive traffic.`);
  revisions.delete(revision.name);
  const deleted = { ...revision, deleteTime: timestamp(cloud.clock.now()) };
  const operation = cloud.operations.start({
    name: operationName(call),
    permission: 'run.operations.get',
    metadata: { '@type': REVISION_TYPE, ...deleted },
    start: async () => cloud.containers.stop([revision.name]),
    work: () => ({ '@type': REVISION_TYPE, ...deleted }),
  });
  return { body: operation };
}

function revisionIn(call: Call, { resource, revisions }: StoredService): Revision {
  const id = call.params.revision ?? '';
  const revision = revisions.get(`${resource.name}/revisions/${id}`);
  if (!revision) throw absent(call, 'REVISION', id);
  return revision;
}

function refused(message: string): ApiError {
  return new ApiError('FAILED_PRECONDITION', message);
}
