import { cancellation, log } from '@gangway/action';
import { isGoogleError, OPERATION, waitForOperation } from '@gangway/google-cloud';
import { fields, list, map, text } from '@gangway/http';
import { SERVICE } from '../api/answers.ts';
import { find, findSettled, type Place, ROLLOUT } from '../api/place.ts';
import type { Service } from '../api/resources.ts';
import type { Inputs } from '../inputs.ts';
import { previewOf } from '../plan/ground.ts';
import { idOf } from '../plan/traffic/targets.ts';
import { moveTraffic, without } from './stage.ts';

interface Listed {
  readonly name?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

interface Page {
  readonly revisions?: readonly Listed[];
  readonly nextPageToken?: string;
}

const PAGE = fields<Page>({
  revisions: list(fields<Listed>({ name: text, annotations: map(text) })),
  nextPageToken: text,
});
/** Pages of revisions at most: a service may have a thousand. */
const MOST_PAGES = 20;

/** What came of a preview that was deleted. */
export interface TakenDown {
  /** Whether there was a tag to take away. */
  readonly tag: boolean;
  /** Ids of the revisions that were deleted. */
  readonly deleted: readonly string[];
  /** Id of the one that stays, as it is the service's latest: the next deploy frees it. */
  readonly left: string | undefined;
}

/** Takes the tag of a pull request away, and deletes what it led to. That nothing is there is as good. */
export async function takeDown(place: Place, tag: string, inputs: Inputs): Promise<TakenDown> {
  const service = await findSettled(place, inputs, SERVICE);
  if (!service) return { tag: false, deleted: [], left: undefined };
  const isTagged = (service.traffic ?? []).some((target) => target.tag === tag);
  if (inputs.dryRun) {
    if (isTagged) log.info(`Would remove the tag ${tag} of ${inputs.name}, and delete its revisions.`);
    return { tag: false, deleted: [], left: undefined };
  }
  const now = isTagged ? await moveTraffic(place, service, (now) => without(now, tag), inputs) : service;
  if (isTagged) log.info(`Removed the tag ${tag} of ${inputs.name}.`);
  const deleted = await sweep(place, now, inputs);
  const { template, latestCreatedRevision } = now;
  const left = previewOf(template) === tag ? idOf(latestCreatedRevision) : undefined;
  if (left)
    log.info(
      `${left} stays without requests: Cloud Run never deletes the latest revision. The next deploy releases it.`,
    );
  return { tag: isTagged, deleted, left };
}

/**
 * Deletes the revisions of previews that nothing leads to any more: of those that were pushed to since, and of pull requests that
 * were closed. That one can't be deleted is a warning.
 *
 * @returns their ids
 */
export async function sweep(place: Place, service: Service, inputs: Inputs): Promise<string[]> {
  const used = new Set([
    idOf(service.latestCreatedRevision),
    idOf(service.latestReadyRevision),
    ...[...(service.traffic ?? []), ...(service.trafficStatuses ?? [])].map(({ revision }) => revision),
  ]);
  const deleted: string[] = [];
  try {
    for (const { name, annotations } of await revisionsOf(place)) {
      const id = idOf(name);
      if (!previewOf({ ...(annotations && { annotations }) }) || used.has(id)) continue;
      await remove(place, id, inputs);
      deleted.push(id);
      log.info(`Deleted the revision ${id}.`);
    }
  } catch (error) {
    cancellation.throwIfAborted();
    log.warning(
      `Old revisions of previews stay, without requests: ${error instanceof Error ? error.message : error}`,
    );
  }
  return deleted;
}

async function revisionsOf({ cloud, path }: Place): Promise<readonly Listed[]> {
  const all: Listed[] = [];
  let pageToken: string | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const page = await cloud.request({
      ...{ service: 'run', method: 'GET', path: `${path}/revisions` },
      query: { pageSize: '100', pageToken },
      answer: PAGE,
    });
    all.push(...(page.revisions ?? []));
    pageToken = page.nextPageToken || undefined;
    if (!pageToken) break;
  }
  return all;
}

async function remove({ cloud, path }: Place, id: string, { timeout }: Inputs): Promise<void> {
  try {
    const started = await cloud.request({
      ...{ service: 'run', method: 'DELETE', path: `${path}/revisions/${id}` },
      answer: OPERATION,
    });
    await waitForOperation(cloud, ROLLOUT, started, `deleting the revision ${id}`, {
      timeout,
      signal: cancellation,
    });
  } catch (error) {
    // Gone meanwhile, or tagged again by a deploy that came between.
    if (isGoogleError(error, 404)) return;
    if (isGoogleError(error, 400) && (await find(cloud, `${path}/revisions/${id}`, PAGE)) !== undefined) {
      log.info(`The revision ${id} stays: ${error instanceof Error ? error.message : error}`);
      return;
    }
    throw error;
  }
}
