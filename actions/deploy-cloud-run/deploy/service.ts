import { cancellation, log } from '@gangway/action';
import { hasStatus } from '@gangway/google-cloud';
import { SERVICE } from '../api/answers.ts';
import { findSettled, type Place, write } from '../api/place.ts';
import type { Service } from '../api/resources.ts';
import type { Inputs } from '../inputs.ts';
import { refuseMisfit } from '../limits/refuse.ts';
import { diffLines } from '../plan/diff.ts';
import { isReady, isUnchanged, type Plan, planService } from '../plan/service-plan.ts';
import { checkTagOf, isCheckTag, lines, pinned, sameTraffic, tagged } from '../plan/traffic.ts';
import { notReady, revisionFailure } from './failure.ts';
import { refuseUnknownRevisions } from './known-revisions.ts';
import { askAtTag, askAtUrl, isStageable } from './rollout.ts';

export interface DeployResult {
  readonly before: Service | undefined;
  readonly service: Service;
  readonly change: 'created' | 'updated' | 'none' | 'validated';
  readonly changes: Plan['changes'];
}

/**
 * Creates or updates the service so that it is as wanted, and waits until it is. A revision that is to be checked gets
 * no requests until it has answered; when it does not, what served before serves on.
 *
 * @param image by digest, a reference that Cloud Run is to resolve, or undefined to keep what is there
 */
export async function deployService(
  place: Place,
  image: string | undefined,
  inputs: Inputs,
  isFirst = true,
): Promise<DeployResult> {
  const { projectId } = place;
  const before = await findSettled(place, inputs, SERVICE);
  const plan = planService(before, image, inputs, { projectId, region: inputs.region });
  const { changes } = plan;
  if (before && isUnchanged(plan, before)) {
    log.info(`${inputs.name} runs this image with these settings already.`);
    return { before, service: before, change: 'none', changes };
  }
  if (plan.fields.template) refuseMisfit(inputs, plan.fields.template);
  await refuseUnknownRevisions(place, before, plan, inputs);
  await showChanges(
    before ? `What changes in ${inputs.name}` : `The new service ${inputs.name}`,
    plan.changes,
  );
  if (inputs.dryRun) {
    await apply(place, before, plan, plan.traffic, inputs, true);
    return { before, service: before ?? {}, change: 'validated', changes };
  }
  const isStaged = isStageable(before, plan, inputs);
  const first =
    isStaged && before
      ? tagged(pinned(before), checkTagOf(inputs.name) ?? '', plan.revision ?? '')
      : plan.traffic;
  try {
    await apply(place, before, plan, first, inputs);
  } catch (error) {
    // Someone, or a request of ours whose answer was lost, has changed it since it was read: look again, once.
    if (isFirst && hasStatus(error, 'ABORTED')) return deployService(place, image, inputs, false);
    if (isStaged && before) await unstage(place, before, inputs);
    if (plan.makesRevision || !(await isRouted(place, plan)))
      throw await revisionFailure(place, before, inputs, error);
  }
  const service = await checked(place, before, plan, inputs, isStaged);
  return { before, service, change: before ? 'updated' : 'created', changes };
}

/** Says before anything is written what will be. */
export function showChanges(title: string, changes: Plan['changes']): Promise<void> {
  return log.group(title, async () => {
    for (const line of diffLines(changes)) log.info(line);
  });
}

async function apply(
  place: Place,
  before: Service | undefined,
  { fields }: Plan,
  traffic: Plan['traffic'],
  inputs: Inputs,
  dryRun = false,
): Promise<void> {
  const body = { ...fields, ...(!sameTraffic(before?.traffic, traffic) && { traffic }) };
  const mask = Object.keys(body);
  // A rollout that was cut short is there already; a request without a field would mean them all.
  if (mask.length === 0) return;
  const etag = before?.etag && { etag: before.etag };
  await write(place, { ...body, ...etag }, { exists: before !== undefined, mask, dryRun }, inputs);
}

/** The service once it is ready, has answered its check, and has the traffic that is wanted. */
async function checked(
  place: Place,
  before: Service | undefined,
  plan: Plan,
  inputs: Inputs,
  isStaged: boolean,
): Promise<Service> {
  const service = await shown(place);
  // What only moves traffic may do so past a revision that failed before.
  if (plan.makesRevision && !isReady(service)) throw await notReady(place, service, inputs, undefined);
  if (!isStaged) {
    await askAtUrl(place, before, service, inputs);
    return service;
  }
  await askAtTag(place, before, service, inputs);
  const mask = ['traffic'];
  await write(place, { traffic: plan.traffic }, { exists: true, mask }, inputs);
  const served = await shown(place);
  log.info(`Traffic: ${lines(served.trafficStatuses ?? plan.traffic).join(', ')}.`);
  // A whole URL can only be asked once requests go there.
  if (!inputs.traffic.check?.url.startsWith('/')) await askAtUrl(place, before, served, inputs);
  return served;
}

/** Takes the tag for the check away again; the failure that led here is the one to be told. */
async function unstage(place: Place, { traffic = [] }: Service, inputs: Inputs): Promise<void> {
  cancellation.throwIfAborted();
  const targets = traffic.filter(({ tag }) => !isCheckTag(tag));
  await write(place, { traffic: targets }, { exists: true, mask: ['traffic'] }, inputs).catch(
    (error: Error) => {
      cancellation.throwIfAborted();
      log.debug(`Taking the tag for the check away: ${error.message}`);
    },
  );
}

/** Whether requests go where they are to, whatever else is wrong with the service. */
async function isRouted({ cloud, path }: Place, { traffic }: Plan): Promise<boolean> {
  const service = await cloud.request({ service: 'run', method: 'GET', path, answer: SERVICE });
  return sameTraffic(service.trafficStatuses, traffic);
}

async function shown({ cloud, path }: Place): Promise<Service> {
  return cloud.request({ service: 'run', method: 'GET', path, answer: SERVICE });
}
