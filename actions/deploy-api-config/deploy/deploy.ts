import { ActionError, log } from '@gangway/action';
import type { Gateway } from '@gangway/google-cloud/api-gateway';
import type { Operation } from '@gangway/openapi';
import { idOf, type Place, sameResource } from '../plan/plan.ts';
import type { Work } from '../plan/work.ts';
import { ensureApi } from '../resources/api.ts';
import { ensureConfig } from '../resources/config.ts';
import { ensureGateway, type ReadyGateway, switchTo } from '../resources/gateway.ts';
import { prune } from '../resources/prune.ts';
import { isServed, type Standing, showsApi } from '../resources/standing.ts';
import { removeConfigs } from './take-down.ts';
import { checksOf, urlOf, verify } from './verify.ts';

export interface Deployment {
  readonly managedService: string;
  /** Whether this run made the API. */
  readonly fresh: boolean;
  /** In the order of the plan's places. */
  readonly gateways: readonly Gateway[];
}

/**
 * Makes the API, the config and the gateways be as planned, from whatever there is: the gateways one after the other,
 * each called before the next is touched. What was done is in `work.changes`, also after a failure.
 */
export async function deploy(
  work: Work,
  standing: Standing,
  operations: readonly Operation[],
): Promise<Deployment> {
  const { plan, inputs, changes } = work;
  const found = isServed(standing, plan) ? await work.gateways.getApi(plan.apiName) : undefined;
  if (isServed(standing, plan) && found?.state === 'ACTIVE') {
    log.info(`The gateway ${inputs.gateway} serves ${plan.configId} already.`);
    // A run that failed the checks of the workflow must not pass by being run again.
    if (inputs.verify !== 'default')
      for (const [index, gateway] of standing.entries()) {
        const place = plan.places[index];
        await verify(urlOf(gateway), inputs.verify, inputs);
        if (place) await refuseOvertaken(work, place, '');
      }
    return { managedService: found.managedService, gateways: standing, fresh: false };
  }
  try {
    const api = showsApi(standing, plan) ? { fresh: false } : await ensureApi(work);
    const { configs, managedService } = await ensureConfig(work, api);
    const gateways: Gateway[] = [];
    const spared: string[] = [];
    for (const [index, place] of plan.places.entries()) {
      const ready = await ensureGateway(work, place, standing[index]);
      if (ready.previous) spared.push(ready.previous);
      if (ready.changed) await verifyOrRollBack(work, place, ready, operations);
      gateways.push(ready.gateway);
    }
    await (inputs.preview ? removeConfigs(work, inputs.preview) : prune(work, configs, spared));
    return { managedService, fresh: api.fresh, gateways };
  } catch (error) {
    if (changes.length > 0)
      log.info(`Done before the failure: ${changes.join('; ')}. A re-run continues from there.`);
    throw error;
  }
}

/** Calls the gateway as `verify` says; one that doesn't answer as it should goes back, where that is asked for. */
export async function verifyOrRollBack(
  work: Work,
  place: Place,
  { gateway, previous, labelsBefore }: ReadyGateway,
  operations: readonly Operation[],
): Promise<void> {
  const { inputs, changes } = work;
  const checks = inputs.verify === 'default' ? checksOf(operations) : inputs.verify;
  try {
    await work.watch.time(`verify in ${place.location}`, () => verify(urlOf(gateway), checks, inputs));
    // Neither the operation that moved the gateway nor an answer of its says which config answered.
    if (checks.length > 0) await refuseOvertaken(work, place, '');
  } catch (error) {
    if (!(error instanceof ActionError) || error.code !== 'verify-failed') throw error;
    await refuseOvertaken(work, place, `${error.message} `, error);
    const way = previous
      ? `It was on ${idOf(previous)} before; set "rollback" to go back automatically.`
      : 'It is new, so there is nothing to go back to.';
    if (!inputs.rollback || !previous) throw failed(error, way);
    await switchTo(work, place, previous, labelsBefore);
    changes.push(`gateway ${inputs.gateway} moved back to ${idOf(previous)} in ${place.location}`);
    throw failed(error, `It was moved back to ${idOf(previous)}.`);
  }
}

/** @throws ActionError `overtaken` where the gateway serves another deploy's config by now, which may be what was called */
export async function refuseOvertaken(
  { plan, inputs, gateways }: Work,
  place: Place,
  before: string,
  cause?: ActionError,
): Promise<void> {
  const now = await gateways.getGateway(place.gatewayName);
  if (!now || sameResource(now.apiConfig, plan.configName)) return;
  throw new ActionError(
    `${before}Another deploy was faster: the gateway ${inputs.gateway} in ${place.location} serves ${idOf(now.apiConfig)} now, and ${plan.configId} was never checked.`,
    {
      code: 'overtaken',
      hint: 'run the job again if this document is to be served; a concurrency group in the workflow keeps two deploys apart',
      cause,
    },
  );
}

function failed(error: ActionError, end: string): ActionError {
  return new ActionError(`${error.message} ${end}`, { code: error.code, hint: error.hint, cause: error });
}
