import { ActionError, cancellation, log } from '@gangway/action';
import { LATEST, REVISION } from '../api/allocation.ts';
import { overtaken } from '../api/overtaken.ts';
import { whoWrote } from '../api/own.ts';
import type { Place } from '../api/place.ts';
import type { Service } from '../api/resources.ts';
import type { Inputs } from '../inputs.ts';
import { type Plan, trafficFor } from '../plan/service-plan.ts';
import { checkTag } from '../plan/traffic/check-tag.ts';
import { idOf, leadsTo, lines, sameTraffic } from '../plan/traffic/targets.ts';
import { isServing, refollowed, staged, unchecked, undone } from '../plan/traffic/traffic.ts';
import { besides } from './besides.ts';
import { check } from './check.ts';
import type { Made } from './make.ts';
import { serviceAt } from './own-revision.ts';
import { moveTraffic, unstage, urlAtTag, without } from './stage.ts';

/**
 * Asks `check_url`, and gives the revision the requests that it is to have. When it does not answer, what served before
 * serves on.
 *
 * @returns the service as it is then
 * @throws ActionError `check-failed`, or `rolled-back` where requests went back
 */
export async function rollOut(place: Place, made: Made, inputs: Inputs): Promise<Service> {
  const { change, stage } = made;
  // To ask an unchanged service may take a tag, which is a write.
  if (inputs.dryRun) return made.service;
  if (stage) return atTag(place, made, stage, inputs);
  return change === 'none' ? again(place, made, inputs) : atUrl(place, made, inputs);
}

/** Asks at the revision's own tag before it gets requests. */
async function atTag(place: Place, made: Made, stage: string, inputs: Inputs): Promise<Service> {
  const { before, plan, service } = made;
  const { revision } = plan;
  try {
    await ask(place, service, (now) => urlAtTag(place, now, stage, revision, inputs), inputs);
  } catch (error) {
    cancellation.throwIfAborted();
    // What served before serves on, whether or not the tag goes.
    const left = (await unstage(place, stage, before, inputs)) ?? service;
    throw rolledBack(error, plan, { ...left, traffic: without(left, stage) });
  }
  const served = await moveTraffic(place, service, (now) => promoted(now, before, revision, inputs), inputs);
  log.info(`Traffic: ${lines(served.trafficStatuses ?? plan.traffic).join(', ')}.`);
  return served;
}

/** The traffic that is wanted; a revision that another has followed is named, since the latest is not it. */
function promoted(now: Service, before: Service | undefined, revision: string, inputs: Inputs) {
  const isLatest = idOf(now.latestCreatedRevision) === revision;
  if (!isLatest) log.info(`${whoWrote(now)} deployed ${idOf(now.latestCreatedRevision)} since.`);
  const aim = isLatest ? { type: LATEST } : { type: REVISION, revision };
  const traffic = inputs.preview ? (now.traffic ?? []) : refollowed(now, before, aim);
  return trafficFor({ ...now, traffic }, inputs, revision, false, aim);
}

/** Asks the service itself, or the URL that was named whole, once requests go to the revision. */
async function atUrl(place: Place, made: Made, inputs: Inputs): Promise<Service> {
  const { before, plan, service } = made;
  try {
    await ask(place, service, async () => service.uri, inputs);
  } catch (error) {
    cancellation.throwIfAborted();
    const undone = await besides('Traffic could not go back to what served before', () =>
      back(place, made, inputs, error),
    );
    throw undone ?? error;
  }
  const now = await serviceAt(place);
  const latest = idOf(now.latestCreatedRevision);
  if (latest !== plan.revision && before?.latestCreatedRevision !== now.latestCreatedRevision)
    throw overtaken(
      `check_url was answered, perhaps by another revision than ${plan.revision}: ${whoWrote(now)} deployed ${latest} at the same time.`,
    );
  return now;
}

/** Gives the requests back to what served before, unless another deploy has moved them since, and says so in the error. */
async function back(
  place: Place,
  { before, plan, service }: Made,
  inputs: Inputs,
  error: unknown,
): Promise<unknown> {
  if (!before?.latestReadyRevision) return error;
  const now = await serviceAt(place);
  if (
    now.latestCreatedRevision !== service.latestCreatedRevision ||
    !sameTraffic(now.traffic, service.traffic ?? [])
  )
    return added(error, `Nothing was rolled back: ${whoWrote(now)} has changed it since.`, 'overtaken');
  // What follows the latest revision goes on following it where the latest is not what failed.
  const traffic = plan.isElsewhere ? unchecked(before) : undone(before);
  log.info(`Going back to what served before: ${lines(traffic).join(', ')}.`);
  const served = await moveTraffic(place, now, () => traffic, inputs);
  return rolledBack(error, plan, served);
}

/** Even an unchanged service is checked: an earlier run may have failed there. */
async function again(place: Place, made: Made, inputs: Inputs): Promise<Service> {
  const { plan, service } = made;
  const { revision } = plan;
  const serving = (service.traffic ?? []).filter(({ percent = 0 }) => percent > 0);
  const tagged = service.trafficStatuses?.find((target) => target.tag && leadsTo(target, revision))?.uri;
  const isAlone = isServing(service, revision) && serving.every((target) => leadsTo(target, revision));
  const tag = checkTag(inputs.name);
  if (isAlone || plan.isElsewhere || !tag || !inputs.traffic.check?.url.startsWith('/')) {
    await ask(place, service, async () => service.uri, inputs);
    return service;
  }
  if (tagged) {
    await ask(place, service, async () => tagged, inputs);
    return service;
  }
  const traffic = staged({ ...service, latestReadyRevision: '' }, tag, revision);
  const asked = await moveTraffic(place, service, () => traffic, inputs);
  try {
    await ask(place, asked, (now) => urlAtTag(place, now, tag, revision, inputs), inputs);
  } finally {
    await unstage(place, tag, undefined, inputs);
  }
  return serviceAt(place);
}

/** Asks below a base, which is looked up again before each further try: another run may have moved it. */
async function ask(
  place: Place,
  service: Service,
  base: (now: Service) => Promise<string | undefined>,
  inputs: Inputs,
): Promise<void> {
  const { check: wanted } = inputs.traffic;
  if (!wanted) return;
  const isPath = wanted.url.startsWith('/');
  const isOwn = isPath || (service.uri !== undefined && isWithin(wanted.url, service.uri));
  const url = async (isAgain: boolean) => {
    if (!isPath) return wanted.url;
    const below = await base(isAgain ? await serviceAt(place) : service);
    return below && `${below.replace(/\/$/, '')}${wanted.url}`;
  };
  await check(place.cloud, {
    ...wanted,
    url,
    audience: isOwn ? service.uri : undefined,
    accounts: accountsOf(place, inputs),
    deployer: place.account,
    isPublic: (inputs.invokers ?? []).includes('allUsers') || service.invokerIamDisabled === true,
  });
}

/**
 * Whose ID tokens a private service is shown, in order: those that this step makes invokers may call it, whatever the
 * policy was before.
 */
function accountsOf({ account }: Place, { traffic, invokers = [] }: Inputs): string[] {
  const { as } = traffic.check ?? {};
  if (as) return [as];
  const named = invokers.flatMap((member) => /^serviceAccount:(\S+@\S+)$/.exec(member)?.[1] ?? []);
  return [...new Set([...named, ...(account ? [account] : [])])];
}

/** Whether a URL is of the service's own origin: its name alone may begin another's. */
function isWithin(url: string, service: string): boolean {
  const origin = URL.parse(service)?.origin;
  return origin !== undefined && URL.parse(url)?.origin === origin;
}

function rolledBack(error: unknown, { revision, isElsewhere }: Plan, { traffic = [] }: Service): unknown {
  const idle = isElsewhere || isServing({ traffic }, revision) ? '' : `${revision} gets no requests, `;
  return added(error, `Rolled back: ${idle}${lines(traffic).join(', ')} serves.`, 'rolled-back');
}

function added(error: unknown, sentence: string, code: string): unknown {
  if (!(error instanceof ActionError)) return error;
  return new ActionError(`${error.message} ${sentence}`, { code, hint: error.hint, cause: error });
}
