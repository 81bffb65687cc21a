import { ActionError } from '@gangway/action';
import { isGoogleError } from '@gangway/google-cloud';
import { fields, list, text } from '@gangway/http';
import { REVISION } from '../api/allocation.ts';
import { find, type Place } from '../api/place.ts';
import type { Service } from '../api/resources.ts';
import type { Inputs } from '../inputs.ts';
import type { Plan } from '../plan/service-plan.ts';
import { idOf } from '../plan/traffic/targets.ts';

const NAMED = fields<{ name?: string }>({ name: text });
const REVISIONS = fields<{ revisions?: readonly { name?: string }[] }>({ revisions: list(NAMED) });
/** How many are told. */
const TOLD = 5;

/**
 * Asks for each revision that is to get requests and that the service doesn't show: Cloud Run would refuse one that is
 * not there in the middle of the rollout.
 *
 * @throws ActionError that names the input, or the file
 */
export async function refuseUnknownRevisions(
  place: Place,
  before: Service | undefined,
  plan: Pick<Plan, 'traffic' | 'revision'>,
  inputs: Inputs,
): Promise<void> {
  const known = new Set([
    plan.revision,
    idOf(before?.latestReadyRevision),
    ...(before?.traffic ?? []).map(({ revision }) => revision),
  ]);
  const asked = plan.traffic.flatMap(({ type, revision }) =>
    type === REVISION && revision && !known.has(revision) ? [revision] : [],
  );
  for (const revision of new Set(asked)) {
    if (!(before && (await isThere(place, revision))))
      throw await unknown(place, revision, inputs, before !== undefined);
  }
}

/** Whether the service has the revision, or nobody can tell: Cloud Run refuses it then. */
async function isThere({ cloud, path }: Place, revision: string): Promise<boolean> {
  try {
    return (await find(cloud, `${path}/revisions/${revision}`, NAMED)) !== undefined;
  } catch (error) {
    if (isGoogleError(error, 403)) return true;
    throw error;
  }
}

async function unknown(
  place: Place,
  revision: string,
  inputs: Inputs,
  exists: boolean,
): Promise<ActionError> {
  const split = inputs.traffic.split;
  const byInput = split !== undefined && 'revisions' in split && Object.hasOwn(split.revisions, revision);
  const isBack = split !== undefined && 'previous' in split;
  const where = byInput ? 'Input "revision_traffic"' : isBack ? 'Input "traffic"' : 'The file';
  const there = exists ? await ids(place) : [];
  const cure = isBack ? 'name one yourself: revision_traffic: REVISION=100' : 'write one that is there';
  return new ActionError(`${where} names the revision ${revision}, which ${inputs.name} does not have.`, {
    code: 'input-invalid',
    hint: !exists
      ? "the service doesn't exist yet; leave it out"
      : there.length > 0
        ? `${cure}; the newest are: ${there.join(', ')}`
        : `${cure}; "gcloud run revisions list --service=${inputs.name} --region=${inputs.region}" lists them`,
  });
}

/** Ids of the newest revisions; empty if the account may not list them. */
async function ids({ cloud, path }: Place): Promise<string[]> {
  try {
    const query = { pageSize: String(TOLD) };
    const answer = await cloud.request({
      ...{ service: 'run', method: 'GET', path: `${path}/revisions`, query },
      answer: REVISIONS,
    });
    return (answer.revisions ?? []).slice(0, TOLD).map(({ name }) => idOf(name));
  } catch (error) {
    if (isGoogleError(error, 403)) return [];
    throw error;
  }
}
