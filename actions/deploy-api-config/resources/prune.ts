import { ActionError, log } from '@gangway/action';
import type { ApiConfig } from '@gangway/google-cloud/api-gateway';
import { servedBefore } from '../plan/history.ts';
import { idOf, sameResource } from '../plan/plan.ts';
import { remove, type Work } from '../plan/work.ts';

/** https://cloud.google.com/api-gateway/docs/quotas */
const MOST_CONFIGS = 100;

/**
 * Deletes the oldest configs that Gangway made for the API, beyond those to keep. One that any gateway in any region
 * serves is never deleted, nor the one that it served before; one that can't be deleted is a warning.
 *
 * @param configs as they were before the deploy
 * @param spared full names
 */
export async function prune(
  work: Work,
  configs: readonly ApiConfig[],
  spared: readonly string[],
): Promise<void> {
  const { inputs, plan } = work;
  if (inputs.keepConfigs === undefined) return;
  const beyond = configs
    .filter(({ name }) => !sameResource(name, plan.configName))
    .sort((a, b) => b.createTime - a.createTime)
    .slice(inputs.keepConfigs - 1);
  if (beyond.length > 0) await removeOldest(work, beyond, beyond.length, spared);
}

/**
 * Sees to it that an API may have one more config.
 *
 * @returns the configs that are left
 * @throws ActionError `too-many-configs` when it is at its limit and none can be deleted
 */
export async function makeRoom(work: Work, configs: readonly ApiConfig[]): Promise<readonly ApiConfig[]> {
  const { plan, inputs } = work;
  const others = configs.filter(({ name }) => !sameResource(name, plan.configName));
  const surplus = others.length + 1 - MOST_CONFIGS;
  if (surplus <= 0) return others;
  const none = inputs.keepConfigs === undefined;
  const removed = none ? [] : await removeOldest(work, others, surplus, []);
  if (removed.length >= surplus) return others.filter((config) => !removed.includes(config));
  throw new ActionError(
    `The API ${inputs.api} has ${others.length} configs, and Google allows ${MOST_CONFIGS} of an API; ${
      none
        ? '"keep_configs" is empty, so none is deleted'
        : 'none of those that Gangway created can be deleted'
    }.`,
    {
      code: 'too-many-configs',
      hint: `${none ? 'set keep_configs, or ' : ''}delete some by hand: gcloud api-gateway api-configs delete CONFIG --api=${inputs.api} --project=${plan.projectId}`,
    },
  );
}

/** Deletes so many of the configs, the oldest first, as far as they may be deleted; returns those. */
async function removeOldest(
  work: Work,
  configs: readonly ApiConfig[],
  count: number,
  spared: readonly string[],
): Promise<readonly ApiConfig[]> {
  const { gateways, plan, changes } = work;
  const { gateways: all, unreachable } = await gateways.listGateways(plan.projectId);
  if (unreachable.length > 0) {
    log.warning(`No config was deleted: ${unreachable.join(', ')} can't tell which ones are in use.`);
    return [];
  }
  const kept = [
    ...spared,
    ...all.flatMap((gateway) => [gateway.apiConfig, ...servedBefore(gateway).slice(0, 1)]),
  ];
  const own = new RegExp(`^${plan.configPrefix}[0-9a-f]{16}$`);
  const candidates = configs
    .filter(({ name, state }) => own.test(idOf(name)) && (state === 'ACTIVE' || state === 'FAILED'))
    .filter(({ name }) => !kept.some((other) => sameResource(name, other)))
    .sort((a, b) => a.createTime - b.createTime);
  const removed: ApiConfig[] = [];
  for (const config of candidates) {
    if (removed.length === count) break;
    const { name } = config;
    try {
      await remove(work, () => gateways.deleteConfig(name), `deleting the old config ${idOf(name)}`);
      removed.push(config);
      changes.push(`config ${idOf(name)} deleted`);
    } catch (error) {
      if (!(error instanceof ActionError) || error.code === 'timeout' || error.code === 'cancelled')
        throw error;
      log.warning(`The old config ${idOf(name)} stays: ${error.message}`);
    }
  }
  return removed;
}
