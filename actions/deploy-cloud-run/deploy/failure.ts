import { ActionError } from '@gangway/action';
import { GoogleError } from '@gangway/google-cloud';
import { fields, list } from '@gangway/http';
import { CONDITION, SERVICE } from '../api/answers.ts';
import { lastLogLines } from '../api/logs.ts';
import { find, type Place } from '../api/place.ts';
import type { Condition, Service } from '../api/resources.ts';
import type { Inputs } from '../inputs.ts';
import { idOf, lines } from '../plan/traffic.ts';

interface Revision {
  readonly conditions?: readonly Condition[];
}

const REVISION = fields<Revision>({ conditions: list(CONDITION) });

/**
 * Says why a rollout failed: the revision's own reason and its last log lines, and what serves in its place.
 *
 * @param error what the rollout failed with
 * @returns an error to throw; the given one where no revision was made
 */
export async function revisionFailure(
  place: Place,
  before: Service | undefined,
  inputs: Inputs,
  error: unknown,
): Promise<unknown> {
  // Whoever was refused, or gave up waiting, has no revision to blame.
  if (!(error instanceof GoogleError) || !error.message.startsWith('Rolling out')) return error;
  const now = await find(place.cloud, place.path, SERVICE);
  const failed = now?.latestCreatedRevision;
  if (!now || !failed || failed === before?.latestReadyRevision) return error;
  return notReady(place, now, inputs, error);
}

/** The error for a service whose latest revision is not ready. */
export async function notReady(
  { cloud, projectId }: Place,
  now: Service,
  { name, region }: Inputs,
  cause: unknown,
): Promise<ActionError> {
  const { latestCreatedRevision = '', latestReadyRevision, terminalCondition } = now;
  const id = idOf(latestCreatedRevision);
  const revision = await find(cloud, `v2/${latestCreatedRevision}`, REVISION);
  const condition = revision?.conditions?.find(
    ({ state, message }) => state === 'CONDITION_FAILED' && message,
  );
  const { message = 'no reason was given', reason, revisionReason } = condition ?? terminalCondition ?? {};
  const said = /^Revision '/.test(message) ? message : `Revision '${id}' is not ready: ${message}`;
  const code = revisionReason ?? reason;
  const logs = await lastLogLines(cloud, projectId, [
    'resource.type="cloud_run_revision"',
    `resource.labels.service_name="${name}"`,
    `resource.labels.revision_name="${id}"`,
    `resource.labels.location="${region}"`,
  ]);
  const serving = latestReadyRevision
    ? `${lines(now.trafficStatuses ?? [])
        .join(', ')
        .replace('latest', idOf(latestReadyRevision))} goes on serving`
    : 'nothing serves yet';
  return new ActionError(`${said.trim()}${code ? ` (${code})` : ''}\n${logs}`, {
    code: 'not-ready',
    hint: `mend what the lines above say, and run the job again; ${serving}`,
    cause: cause instanceof GoogleError ? detailed(cause, message) : cause,
  });
}

/** The permission that lacks may be in the revision's message alone. */
function detailed(error: GoogleError, message: string): GoogleError {
  if (error.detail.includes(message)) return error;
  const body = JSON.stringify({ error: { message, status: error.status } });
  return new GoogleError(error.httpStatus, body, 'The revision');
}
