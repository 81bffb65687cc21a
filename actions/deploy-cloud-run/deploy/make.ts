import { setTimeout as sleep } from 'node:timers/promises';
import { ActionError, cancellation, log } from '@gangway/action';
import type { GoogleError } from '@gangway/google-cloud';
import { diffLines } from '@gangway/settings';
import { SERVICE, TEMPLATE, templateOf } from '../api/answers.ts';
import { Overtaken, overtaken } from '../api/overtaken.ts';
import { isOwn, whoWrote } from '../api/own.ts';
import { find, findSettled, type Place, write } from '../api/place.ts';
import type { Service, Template } from '../api/resources.ts';
import type { Inputs } from '../inputs.ts';
import { refuseMisfit } from '../limits/refuse.ts';
import { groundOf } from '../plan/ground.ts';
import { isUnchanged, type Plan, planService } from '../plan/service-plan.ts';
import { checkTag } from '../plan/traffic/check-tag.ts';
import { idOf, sameTraffic } from '../plan/traffic/targets.ts';
import { staged } from '../plan/traffic/traffic.ts';
import { notReady } from './failure.ts';
import { refuseUnknownRevisions } from './known-revisions.ts';
import { ownRevision, serviceAt } from './own-revision.ts';
import { isStageable, unstage } from './stage.ts';

/** A service with the revision that this run wants of it. */
export interface Made {
  readonly before: Service | undefined;
  /** As it was when the revision was up. */
  readonly service: Service;
  readonly plan: Plan;
  /** The tag under which the revision is to be asked before it gets requests. */
  readonly stage: string | undefined;
  readonly change: 'created' | 'updated' | 'none' | 'validated';
}

/**
 * Creates or updates the service to match the inputs, and waits until the revision is ready. One that will be checked
 * gets no requests yet. What others change at the same time is looked at again, and stays.
 *
 * @param image by digest, a reference that Cloud Run is to resolve, or undefined to keep what is there
 */
export async function makeRevision(place: Place, image: string | undefined, inputs: Inputs): Promise<Made> {
  const { projectId } = place;
  const end = performance.now() + inputs.timeout;
  let shown = '';
  for (;;) {
    const before = await findSettled(place, inputs, SERVICE);
    refusePreviewOfNothing(before, inputs);
    const ground = await groundTemplate(place, before);
    const plan = planService(before, image, inputs, { projectId, region: inputs.region }, ground);
    if (before && isUnchanged(plan, before)) return unchanged(place, before, plan, inputs);
    if (plan.fields.template) refuseMisfit(inputs, plan.fields.template);
    await refuseUnknownRevisions(place, before, plan, inputs);
    const changes = diffLines(plan.changes).join('\n');
    if (changes !== shown)
      await showChanges(
        before ? `What changes in ${inputs.name}` : `The new service ${inputs.name}`,
        plan.changes,
      );
    shown = changes;
    try {
      return await made(place, before, plan, inputs);
    } catch (error) {
      if (!(error instanceof Overtaken) || performance.now() > end) throw error;
      log.info(`${error.message} Looking at it again.`);
      // Two that wait for each other must not start again together.
      await sleep(100 + Math.random() * 400, undefined, { signal: cancellation });
    }
  }
}

/** The template that a deploy builds on, where that of the service is a preview's. */
async function groundTemplate(
  { cloud, path }: Place,
  before: Service | undefined,
): Promise<Template | undefined> {
  const id = groundOf(before);
  if (!id) return before?.template;
  const revision = await find(cloud, `${path}/revisions/${id}`, TEMPLATE);
  if (!revision)
    log.warning(
      `The revision ${id}, on which this deploy would build, is gone, so this deploy builds on the last preview.`,
    );
  return revision ? templateOf(revision) : before?.template;
}

/** A new service gives its first revision all requests: a pull request must not be what serves. */
function refusePreviewOfNothing(before: Service | undefined, { preview, name, region }: Inputs): void {
  if (!preview || before?.latestReadyRevision) return;
  throw new ActionError(`There is no service ${name} in ${region} that serves, and a preview needs one.`, {
    code: 'no-service',
    hint: 'deploy the service once, from its main branch',
  });
}

/** Says before anything is written what will be. */
export function showChanges(title: string, changes: Plan['changes']): Promise<void> {
  return log.group(title, async () => {
    for (const line of diffLines(changes)) log.info(line);
  });
}

async function unchanged(place: Place, before: Service, plan: Plan, inputs: Inputs): Promise<Made> {
  // Traffic alone does not try a failed revision again, and nothing else serves.
  if (!before.latestReadyRevision && !inputs.dryRun)
    throw await notReady(place, before, idOf(before.latestCreatedRevision), inputs, undefined);
  log.info(`${inputs.name} already runs this image with these settings.`);
  return { before, service: before, plan, stage: undefined, change: 'none' };
}

async function made(place: Place, before: Service | undefined, plan: Plan, inputs: Inputs): Promise<Made> {
  if (inputs.dryRun) {
    await apply(place, before, plan, plan.traffic, inputs);
    return { before, service: before ?? {}, plan, stage: undefined, change: 'validated' };
  }
  const stage = isStageable(before, plan, inputs) ? checkTag(inputs.name) : undefined;
  const traffic = stage && before ? staged(before, stage, plan.revision) : plan.traffic;
  try {
    const ended = await apply(place, before, plan, traffic, inputs);
    const service = plan.makesRevision
      ? await ownRevision(place, plan.revision, ended, inputs)
      : await routed(place, traffic, ended);
    return { before, service, plan, stage, change: before ? 'updated' : 'created' };
  } catch (error) {
    if (stage && !(error instanceof Overtaken)) await unstage(place, stage, before, inputs);
    throw error;
  }
}

/** The service, where requests go as they are to, whatever else is wrong with it. */
async function routed(
  place: Place,
  traffic: Plan['traffic'],
  ended: GoogleError | undefined,
): Promise<Service> {
  const service = await serviceAt(place);
  if (!ended || sameTraffic(service.trafficStatuses, traffic)) return service;
  throw isOwn(service) ? ended : overtaken(`${ended.message} ${whoWrote(service)} has changed it since.`);
}

async function apply(
  place: Place,
  before: Service | undefined,
  { fields }: Plan,
  traffic: Plan['traffic'],
  inputs: Inputs,
): Promise<GoogleError | undefined> {
  const body = { ...fields, ...(!sameTraffic(before?.traffic, traffic) && { traffic }) };
  const mask = Object.keys(body);
  // A rollout that was cut short is there already; a request without a field would mean them all.
  if (mask.length === 0) return undefined;
  return write(place, body, { current: before, mask, dryRun: inputs.dryRun }, inputs);
}
