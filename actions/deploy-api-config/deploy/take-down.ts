import { ActionError, cancellation, log } from '@gangway/action';
import { code, md } from '@gangway/markdown';
import type { Preview } from '../inputs/preview.ts';
import { idOf, sameResource } from '../plan/plan.ts';
import { remove, settled, type Work } from '../plan/work.ts';
import { isOfPreview } from '../resources/preview-label.ts';
import type { Result } from './result.ts';
import { tell } from './tell.ts';

/** Deletes the gateways and configs that were made for a pull request. That they are gone is as good. */
export async function takeDown(work: Work, preview: Preview): Promise<Result> {
  const { gateways, plan, inputs, changes } = work;
  for (const { location, gatewayName } of plan.places) {
    const what = `the gateway ${inputs.gateway} in ${location}`;
    const gateway = await settled(work, () => gateways.getGateway(gatewayName), what);
    if (!gateway) continue;
    if (!isOfPreview(gateway, preview)) {
      log.warning(`${what} stays: it was not created for this pull request.`);
      continue;
    }
    if (inputs.dryRun) {
      log.info(`Would delete ${what}.`);
      continue;
    }
    await remove(work, () => gateways.deleteGateway(gatewayName), `deleting ${what}`);
    changes.push(`gateway ${inputs.gateway} deleted in ${location}`);
  }
  if (!inputs.dryRun) await removeConfigs(work, preview);
  const lead =
    changes.length > 0
      ? `Deleted the preview: ${changes.join('; ')}.`
      : inputs.dryRun
        ? 'Dry run: nothing was changed.'
        : `There is no gateway ${inputs.gateway} anymore.`;
  if (!inputs.dryRun)
    await tell(work, md`The gateway ${code(inputs.gateway)} was deleted with this pull request.`);
  return { urls: [], managedService: '', lead, diffs: [], details: md`` };
}

/**
 * Deletes the configs that were made for a pull request and that no gateway serves. One that can't be deleted is a warning.
 */
export async function removeConfigs(work: Work, preview: Preview): Promise<void> {
  const { gateways, plan, changes } = work;
  try {
    if (!(await gateways.getApi(plan.apiName))) return;
    const own = (await gateways.listConfigs(plan.apiName)).filter(
      (config) => isOfPreview(config, preview) && !sameResource(config.name, plan.configName),
    );
    if (own.length === 0) return;
    const { gateways: all, unreachable } = await gateways.listGateways(plan.projectId);
    if (unreachable.length > 0) {
      log.warning(`No config was deleted: ${unreachable.join(', ')} can't tell which ones are in use.`);
      return;
    }
    for (const { name } of own) {
      if (all.some(({ apiConfig }) => sameResource(apiConfig, name))) continue;
      await remove(work, () => gateways.deleteConfig(name), `deleting the config ${idOf(name)}`);
      changes.push(`config ${idOf(name)} deleted`);
    }
  } catch (error) {
    cancellation.throwIfAborted();
    if (error instanceof ActionError && error.code === 'timeout') throw error;
    log.warning(`Configs of this pull request stay: ${error instanceof Error ? error.message : error}`);
  }
}
