import { ActionError, log } from '@gangway/action';
import { hasStatus } from '@gangway/google-cloud';
import type { Gateway } from '@gangway/google-cloud/api-gateway';
import { labelsWith } from '../plan/history.ts';
import { idOf, type Place, type Plan, sameResource } from '../plan/plan.ts';
import { finish, settled, stepBack, stuck, TRIES, type Work } from '../plan/work.ts';
import { previewLabel } from './preview-label.ts';

export interface ReadyGateway {
  readonly gateway: Gateway;
  readonly changed: boolean;
  /** Full name of the config it served before, if it served another one. */
  readonly previous: string | undefined;
  /** Its labels while it did. */
  readonly labelsBefore: Gateway['labels'];
}

/** Whether a gateway serves the planned config, and nobody works on it. */
export function serves(gateway: Gateway | undefined, { configName }: Plan): gateway is Gateway {
  return gateway?.state === 'ACTIVE' && sameResource(gateway.apiConfig, configName);
}

/**
 * Makes the gateway of a place serve the config, whatever there is: none, one on another config, one that another run
 * is working on, one that was left failed.
 *
 * @throws when the update fails; the message then says which config goes on being served
 */
export async function ensureGateway(
  work: Work,
  place: Place,
  found: Gateway | undefined,
): Promise<ReadyGateway> {
  const { gateways, plan, inputs } = work;
  const what = `the gateway ${inputs.gateway} in ${place.location}`;
  const get = () => settled(work, () => gateways.getGateway(place.gatewayName), what);
  let gateway = found && (found.state === 'ACTIVE' ? found : await get());
  let previous = gateway && previousOf(gateway, plan);
  let labelsBefore = gateway?.labels ?? {};
  for (let tries = 1; tries <= TRIES; tries++) {
    if (serves(gateway, plan)) return { gateway, changed: tries > 1, previous, labelsBefore };
    try {
      const made = gateway ? await move(work, place, gateway) : await create(work, place);
      if (serves(made, plan)) return { gateway: made, changed: true, previous, labelsBefore };
    } catch (error) {
      // Made meanwhile, or being worked on, by another run or by a first try whose answer was lost.
      if (!hasStatus(error, 'ALREADY_EXISTS') && !hasStatus(error, 'ABORTED')) throw error;
      await stepBack(tries);
    }
    gateway = await get();
    if (!previous && gateway && previousOf(gateway, plan)) labelsBefore = gateway.labels;
    previous ??= gateway && previousOf(gateway, plan);
  }
  throw stuck(
    what,
    gateway?.state,
    `gcloud api-gateway gateways describe ${inputs.gateway} --location=${place.location} --project=${plan.projectId}`,
  );
}

/** Switches a gateway to a config and waits; also the way back of a rollback. @param labels all that it is to have */
export async function switchTo(
  work: Work,
  place: Place,
  config: string,
  labels: Gateway['labels'],
): Promise<Gateway> {
  const { gateways, inputs } = work;
  return finish(
    work,
    () => gateways.updateGateway(place.gatewayName, config, labels),
    `moving the gateway ${inputs.gateway} in ${place.location} to ${idOf(config)}`,
  );
}

async function create(work: Work, { location, parent }: Place): Promise<Gateway> {
  const { gateways, plan, inputs, changes } = work;
  const gateway = await work.watch.time(`gateway in ${location}`, () =>
    finish(
      work,
      () =>
        gateways.createGateway(parent, inputs.gateway, plan.configName, {
          displayName: inputs.about.gatewayDisplayName,
          streaming: inputs.about.streaming,
          labels: {
            ...inputs.about.labels,
            ...labelsWith(undefined, plan.configName),
            ...previewLabel(inputs.preview),
          },
        }),
      `creating the gateway ${inputs.gateway} in ${location}`,
    ),
  );
  changes.push(`gateway ${inputs.gateway} created in ${location}`);
  return gateway;
}

async function move(work: Work, place: Place, gateway: Gateway): Promise<Gateway> {
  const { plan, inputs, changes } = work;
  const api = gateway.apiConfig.replace(/\/configs\/.*$/, '');
  if (api && !sameResource(api, plan.apiName))
    log.warning(
      `The gateway ${inputs.gateway} in ${place.location} served the API ${idOf(api)} until now. It now serves ${inputs.api}, and keys of the other API don't work there.`,
    );
  try {
    const moved = await work.watch.time(`gateway in ${place.location}`, () =>
      switchTo(work, place, plan.configName, labelsWith(gateway, plan.configName)),
    );
    changes.push(`gateway ${inputs.gateway} moved to ${plan.configId} in ${place.location}`);
    return moved;
  } catch (error) {
    if (!(error instanceof ActionError) || hasStatus(error, 'ABORTED') || error.code === 'timeout')
      throw error;
    const now = await work.gateways.getGateway(place.gatewayName).catch(() => undefined);
    if (!now?.apiConfig) throw error;
    const said = `${error.message.replace(/\.?$/, '.')} The gateway ${inputs.gateway} in ${place.location} keeps serving ${idOf(now.apiConfig)}.`;
    throw new ActionError(said, { code: error.code, hint: error.hint, cause: error });
  }
}

function previousOf({ apiConfig }: Gateway, { configName }: Plan): string | undefined {
  return apiConfig && !sameResource(apiConfig, configName) ? apiConfig : undefined;
}
