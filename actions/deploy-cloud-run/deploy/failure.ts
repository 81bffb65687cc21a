import { ActionError } from '@gangway/action';
import { GoogleError } from '@gangway/google-cloud';
import { REVISION } from '../api/answers.ts';
import { lastLogLines } from '../api/logs.ts';
import { find, type Place } from '../api/place.ts';
import type { Service } from '../api/resources.ts';
import type { Inputs } from '../inputs.ts';
import { idOf, lines } from '../plan/traffic/targets.ts';

/**
 * The error for a revision that did not come up: its own reason and its last log lines, and what serves in its place.
 *
 * @param id the revision's
 * @param cause what its rollout failed with
 */
export async function notReady(
  { cloud, path, projectId }: Place,
  now: Pick<Service, 'latestReadyRevision' | 'terminalCondition' | 'trafficStatuses'>,
  id: string,
  { kind, name, region }: Inputs,
  cause: unknown,
): Promise<ActionError> {
  const { latestReadyRevision, terminalCondition } = now;
  const revision = await find(cloud, `${path}/revisions/${id}`, REVISION);
  const condition = revision?.conditions?.find(
    ({ state, message }) => state === 'CONDITION_FAILED' && message,
  );
  const { message = 'no reason was given', reason, revisionReason } = condition ?? terminalCondition ?? {};
  const said = /^Revision '/.test(message) ? message : `Revision '${id}' is not ready: ${message}`;
  const code = revisionReason ?? reason;
  const logs = await lastLogLines(cloud, projectId, [
    ...(kind === 'workerPool'
      ? ['resource.type="cloud_run_worker_pool"', `resource.labels.worker_pool_name="${name}"`]
      : ['resource.type="cloud_run_revision"', `resource.labels.service_name="${name}"`]),
    `resource.labels.revision_name="${id}"`,
    `resource.labels.location="${region}"`,
  ]);
  const isPool = kind === 'workerPool';
  const serving = !latestReadyRevision
    ? `nothing ${isPool ? 'runs' : 'serves'} yet`
    : isPool
      ? `${idOf(latestReadyRevision)} keeps running`
      : `${lines(now.trafficStatuses ?? [])
          .join(', ')
          .replace('latest', idOf(latestReadyRevision))} keeps serving`;
  return new ActionError(`${said.trim()}${code ? ` (${code})` : ''}\n${logs}`, {
    code: 'not-ready',
    hint: `fix what the lines above say, and run the job again; ${serving}`,
    cause: cause instanceof GoogleError ? detailed(cause, message) : cause,
  });
}

/** The permission that lacks may be in the revision's message alone. */
function detailed(error: GoogleError, message: string): GoogleError {
  if (error.detail.includes(message)) return error;
  const body = JSON.stringify({ error: { message, status: error.status } });
  return new GoogleError(error.httpStatus, body, 'The revision');
}
