import { ActionError, log } from '@gangway/action';
import { hasStatus } from '@gangway/google-cloud';
import type { ApiConfig } from '@gangway/google-cloud/api-gateway';
import { idOf, sameResource } from '../plan/plan.ts';
import { finish, remove, stepBack, stuck, TRIES, type Work, waitUntil } from '../plan/work.ts';
import { previewLabel } from './preview-label.ts';
import { makeRoom } from './prune.ts';
import { serviceLabel, serviceOf } from './service-label.ts';

export interface ReadyConfig {
  /** The configs of the API as they were before; empty for a fresh API. */
  readonly configs: readonly ApiConfig[];
  readonly managedService: string;
}

/** The states in which a config is being made: another creation on the same API would break it. */
const IN_THE_MAKING = new Set(['CREATING', 'ACTIVATING']);
const BETWEEN = new Set(['UPDATING', 'DELETING', 'STATE_UNSPECIFIED']);

/**
 * Makes the config be there and ACTIVE. "If you attempt to create a second API config before the first API config
 * creation for the same API completes, one or both configs may not be available": so it waits until no config of the
 * API is in the making, and a creation that met another one all the same is done again.
 *
 * @param api what is known of it: whether this run made it, and its managed service where it was asked for
 * @see https://cloud.google.com/api-gateway/docs/creating-api-config
 */
export async function ensureConfig(
  work: Work,
  api: { readonly fresh: boolean; readonly managedService?: string },
): Promise<ReadyConfig> {
  const { gateways, plan, inputs, changes } = work;
  const what = `the config ${plan.configId}`;
  let configs: readonly ApiConfig[] = [];
  let { managedService } = api;
  for (let tries = 1; tries <= TRIES; tries++) {
    if (!api.fresh || tries > 1) configs = await quiet(work);
    managedService ??= await serviceOf(work, configs);
    const labels = {
      ...inputs.about.labels,
      ...serviceLabel(managedService, plan),
      ...previewLabel(inputs.preview),
    };
    const own = ownIn(work, configs);
    if (own?.state === 'ACTIVE') {
      await checkSource(work);
      if (tries > 1) changes.push(`config ${plan.configId} created`);
      return { configs, managedService };
    }
    if (own) {
      log.info(`The config ${plan.configId} was left FAILED.`);
      await remove(work, () => gateways.deleteConfig(plan.configName), `deleting ${what}, to recreate it`);
    }
    configs = await makeRoom(work, configs);
    try {
      const made = await work.watch.time('config', () =>
        finish(
          work,
          () =>
            gateways.createConfig(plan.apiName, plan.configId, {
              documents: plan.documents,
              gatewayServiceAccount: plan.gatewayServiceAccount,
              labels,
              displayName: inputs.about.configDisplayName,
            }),
          `creating ${what} of ${inputs.api}`,
        ),
      );
      changes.push(`config ${plan.configId} created`);
      if (made.state === 'ACTIVE') return { configs, managedService };
    } catch (error) {
      // ALREADY_EXISTS: made by another run, or by a first try whose answer was lost. ABORTED: two at a time.
      if (hasStatus(error, 'ABORTED'))
        log.info(`Another config of ${inputs.api} was being created at the same time; trying again.`);
      else if (!hasStatus(error, 'ALREADY_EXISTS')) throw error;
      await stepBack(tries);
    }
  }
  throw stuck(
    what,
    ownIn(work, configs)?.state,
    `gcloud api-gateway api-configs describe ${plan.configId} --api=${inputs.api} --project=${plan.projectId}`,
  );
}

/** The configs of the API, once none of them is in the making and nobody works on our own. */
function quiet(work: Work): Promise<readonly ApiConfig[]> {
  const { gateways, plan } = work;
  const busy = (configs: readonly ApiConfig[]) =>
    configs.find(
      (config) =>
        IN_THE_MAKING.has(config.state) ||
        (sameResource(config.name, plan.configName) && BETWEEN.has(config.state)),
    );
  return waitUntil(
    work,
    () => gateways.listConfigs(plan.apiName),
    (configs) => !busy(configs),
    (configs) => `the config ${idOf(busy(configs)?.name ?? '')} is ${busy(configs)?.state}`,
  );
}

function ownIn({ plan }: Work, configs: readonly ApiConfig[]): ApiConfig | undefined {
  return configs.find(({ name }) => sameResource(name, plan.configName));
}

/** A config of our name must hold what we would have put there. */
async function checkSource({ gateways, plan }: Work): Promise<void> {
  const stored = await gateways.getConfig(plan.configName, 'FULL');
  const [wanted] = plan.documents;
  const [document] = stored?.documents ?? [];
  const account = idOf(stored?.gatewayServiceAccount ?? '');
  const same =
    stored?.documents.length === 1 &&
    idOf(document?.path ?? '') === wanted?.path &&
    document?.contents === wanted?.contents &&
    // Without an account it is the project's default one; an account's unique id can't be compared.
    (!plan.gatewayServiceAccount || /^\d+$/.test(account) || account === plan.gatewayServiceAccount);
  if (same) return;
  throw new ActionError(`There is a config ${plan.configId} already, and it holds another document.`, {
    code: 'config-differs',
    hint: `someone created it by hand; delete it: gcloud api-gateway api-configs delete ${plan.configId} --api=${idOf(plan.apiName)} --project=${plan.projectId}`,
  });
}
