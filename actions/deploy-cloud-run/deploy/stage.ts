import { log } from '@gangway/action';
import { LATEST } from '../api/allocation.ts';
import { Overtaken } from '../api/overtaken.ts';
import { type Place, write } from '../api/place.ts';
import type { Service, TrafficTarget } from '../api/resources.ts';
import type { Inputs } from '../inputs.ts';
import type { Plan } from '../plan/service-plan.ts';
import { checkTag } from '../plan/traffic/check-tag.ts';
import { sameTraffic } from '../plan/traffic/targets.ts';
import { isServing, refollowed, tagged } from '../plan/traffic/traffic.ts';
import { besides } from './besides.ts';
import { serviceAt } from './own-revision.ts';

/**
 * Whether a revision can be asked before it gets requests: it has a path to be asked for, another revision serves, it is
 * not serving itself, the step is about it, and the service's name leaves room for a tag.
 */
export function isStageable(before: Service | undefined, plan: Plan, { name, traffic }: Inputs): boolean {
  if (!before?.latestReadyRevision || !traffic.check?.url.startsWith('/') || plan.isElsewhere) return false;
  if (checkTag(name) === undefined) {
    log.info(`${name} is too long for a tag: check_url is requested once requests go to the revision.`);
    return false;
  }
  return plan.makesRevision || !isServing(before, plan.revision);
}

/** The URL of a tag, which is put back where another run has taken it away. */
export async function urlAtTag(
  place: Place,
  service: Service,
  tag: string,
  revision: string,
  inputs: Inputs,
): Promise<string | undefined> {
  const back = (now: Service) => (uriOf(now, tag) ? undefined : tagged(now.traffic ?? [], tag, revision));
  return uriOf(await moveTraffic(place, service, back, inputs), tag);
}

function uriOf({ trafficStatuses = [] }: Service, tag: string): string | undefined {
  return trafficStatuses.find((status) => status.tag === tag)?.uri;
}

/**
 * Writes traffic that depends on what it is now, until nobody else changes it in between.
 *
 * @param service as it was read last
 * @param wanted undefined leaves it alone
 * @returns the service with it
 */
export async function moveTraffic(
  place: Place,
  service: Service,
  wanted: (now: Service) => readonly TrafficTarget[] | undefined,
  inputs: Inputs,
): Promise<Service> {
  const end = performance.now() + inputs.timeout;
  for (let now = service; ; now = await serviceAt(place)) {
    const traffic = wanted(now);
    if (traffic === undefined || sameTraffic(now.traffic, traffic)) return now;
    try {
      const ended = await write(place, { traffic }, { current: now, mask: ['traffic'] }, inputs);
      const moved = await serviceAt(place);
      // What failed may be another's revision, as long as requests go where they are to.
      if (ended && !sameTraffic(moved.trafficStatuses, traffic)) throw ended;
      return moved;
    } catch (error) {
      if (!(error instanceof Overtaken) || performance.now() > end) throw error;
    }
  }
}

/**
 * Takes the tag for the check away again, and lets the tags that followed the latest revision follow it again; the failure
 * that led here is the one to be told.
 *
 * @param before the service as it was before it was staged
 */
export async function unstage(
  place: Place,
  stage: string,
  before: Service | undefined,
  inputs: Inputs,
): Promise<Service | undefined> {
  const wanted = (now: Service) =>
    refollowed({ ...now, traffic: without(now, stage) }, before, { type: LATEST });
  return besides(`The tag ${stage} could not be removed; the next deploy removes it`, async () =>
    moveTraffic(place, await serviceAt(place), wanted, inputs),
  );
}

/** The traffic without a tag. */
export function without({ traffic = [] }: Service, tag: string): readonly TrafficTarget[] {
  return traffic.filter((target) => target.tag !== tag);
}
