import { ActionError, cancellation, log } from '@gangway/action';
import { type Place, write } from '../api/place.ts';
import type { Service } from '../api/resources.ts';
import type { Inputs } from '../inputs.ts';
import type { Plan } from '../plan/service-plan.ts';
import { checkTagOf, idOf, isCheckTag, isLatest, lines, pinned } from '../plan/traffic.ts';
import { check } from './check.ts';

/**
 * Whether the latest revision can be asked before it gets requests: it has a path to be asked for, another revision
 * serves, it is not serving itself, and the service's name leaves room for a tag.
 */
export function isStageable(before: Service | undefined, plan: Plan, { name, traffic }: Inputs): boolean {
  if (!before?.latestReadyRevision || !traffic.check?.url.startsWith('/')) return false;
  if (!checkTagOf(name)) return false;
  if (plan.makesRevision) return true;
  return !(before.traffic ?? []).some(
    (target) => (target.percent ?? 0) > 0 && (isLatest(target) || target.revision === plan.revision),
  );
}

/** Asks the new revision at a URL of its own; when it does not answer, takes that away again and gives up. */
export async function askAtTag(
  place: Place,
  before: Service | undefined,
  service: Service,
  inputs: Inputs,
): Promise<void> {
  const at = service.trafficStatuses?.find(({ tag }) => isCheckTag(tag))?.uri;
  await orBack(place, before, service, inputs, at ?? service.uri ?? '');
}

/** Asks the service itself, or the URL that was named whole; when it does not answer, goes back to what served before. */
export async function askAtUrl(
  place: Place,
  before: Service | undefined,
  service: Service,
  inputs: Inputs,
): Promise<void> {
  await orBack(place, before, service, inputs, service.uri ?? '');
}

async function orBack(
  place: Place,
  before: Service | undefined,
  service: Service,
  inputs: Inputs,
  base: string,
): Promise<void> {
  const { check: wanted } = inputs.traffic;
  if (!wanted) return;
  const isOwn =
    wanted.url.startsWith('/') || (service.uri !== undefined && isWithin(wanted.url, service.uri));
  const url = wanted.url.startsWith('/') ? `${base.replace(/\/$/, '')}${wanted.url}` : wanted.url;
  const account = inputs.google.serviceAccount;
  try {
    await check(place.cloud, { ...wanted, url, audience: isOwn ? service.uri : undefined, account });
  } catch (error) {
    cancellation.throwIfAborted();
    throw await rolledBack(place, before, service, inputs, error);
  }
}

/** Whether a URL is of the service's own origin: its name alone may begin another's. */
function isWithin(url: string, service: string): boolean {
  const origin = URL.parse(service)?.origin;
  return origin !== undefined && URL.parse(url)?.origin === origin;
}

/** Gives the requests back to what served before, and says so in the error. */
async function rolledBack(
  place: Place,
  before: Service | undefined,
  service: Service,
  inputs: Inputs,
  error: unknown,
): Promise<unknown> {
  if (!before?.latestReadyRevision) return error;
  const traffic = pinned(before);
  log.info(`Going back to what served before: ${lines(traffic).join(', ')}.`);
  await write(place, { traffic }, { exists: true, mask: ['traffic'] }, inputs);
  if (!(error instanceof ActionError)) return error;
  const failed = idOf(service.latestCreatedRevision);
  return new ActionError(
    `${error.message} Rolled back: ${failed} gets no requests, ${lines(traffic).join(', ')} serves.`,
    {
      code: 'rolled-back',
      hint: error.hint,
      cause: error,
    },
  );
}
