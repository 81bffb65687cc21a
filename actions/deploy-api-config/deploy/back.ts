import { ActionError, log } from '@gangway/action';
import type { ApiConfig } from '@gangway/google-cloud/api-gateway';
import { operationsOf } from '@gangway/openapi';
import { labelsWith, servedBefore } from '../plan/history.ts';
import { idOf, type Place, sameResource } from '../plan/plan.ts';
import { settled, type Work } from '../plan/work.ts';
import { switchTo } from '../resources/gateway.ts';
import { refuseOvertaken, verifyOrRollBack } from './deploy.ts';
import type { Result } from './result.ts';
import { checksOf, urlOf, verify } from './verify.ts';

/** How many configs are named to choose from. */
const TOLD = 5;

/**
 * Moves each gateway back to a config that is there: one by name, or the one that it served before. Asks it afterwards whether it
 * answers as `verify` says, by the routes of that config where it doesn't say.
 *
 * @throws ActionError `no-gateway`, `no-previous`, `config-missing`, `verify-failed`
 */
export async function goBack(work: Work, to: string): Promise<Result> {
  const { plan, inputs, changes } = work;
  const urls: string[] = [];
  const served: string[] = [];
  // All is looked up before the first gateway moves.
  const ways = await Promise.all(plan.places.map((place) => wayBack(work, place, to)));
  for (const [index, place] of plan.places.entries()) {
    const way = ways[index];
    if (!way) continue;
    const { gateway, config } = way;
    const id = idOf(config.name);
    served.push(id);
    urls.push(urlOf(gateway));
    const operations = config.documents.flatMap(({ contents }) => operationsOf(contents));
    const own = { ...work, plan: { ...plan, configId: id, configName: config.name } };
    if (sameResource(gateway.apiConfig, config.name)) {
      log.info(`The gateway ${inputs.gateway} in ${place.location} serves ${id} already.`);
      if (inputs.dryRun) continue;
      const checks = inputs.verify === 'default' ? checksOf(operations) : inputs.verify;
      await verify(urlOf(gateway), checks, inputs);
      if (checks.length > 0) await refuseOvertaken(own, place, '');
      continue;
    }
    if (inputs.dryRun) {
      log.info(
        `Would move the gateway ${inputs.gateway} in ${place.location} from ${idOf(gateway.apiConfig)} back to ${id}.`,
      );
      continue;
    }
    const moved = await work.watch.time(`gateway in ${place.location}`, () =>
      switchTo(work, place, config.name, labelsWith(gateway, config.name)),
    );
    changes.push(
      `gateway ${inputs.gateway} moved back from ${idOf(gateway.apiConfig)} to ${id} in ${place.location}`,
    );
    const ready = {
      ...{ gateway: moved, changed: true, previous: gateway.apiConfig, labelsBefore: gateway.labels },
    };
    await verifyOrRollBack(own, place, ready, operations);
  }
  const configs = [...new Set(served)].join(', ');
  return {
    urls,
    configs: served,
    managedService: (await work.gateways.getApi(plan.apiName))?.managedService ?? '',
    lead: inputs.dryRun
      ? 'Dry run: nothing was changed.'
      : changes.length > 0
        ? `${inputs.gateway} serves ${configs} again at ${urls.join(', ')}, and answers as it should.`
        : `${inputs.gateway} serves ${configs} already; nothing changed.`,
    diffs: [],
  };
}

/** The gateway of a place and the config that it is to go back to. */
async function wayBack(work: Work, place: Place, to: string) {
  const { gateways, plan, inputs } = work;
  const what = `the gateway ${inputs.gateway} in ${place.location}`;
  const gateway = await settled(work, () => gateways.getGateway(place.gatewayName), what);
  if (!gateway)
    throw new ActionError(`There is no gateway ${inputs.gateway} in ${place.location}.`, {
      code: 'no-gateway',
      hint: 'check gateway, api and location; only an existing gateway can go back',
    });
  const [before] = servedBefore(gateway);
  const name = to === 'previous' ? before : `${plan.apiName}/configs/${to}`;
  if (!name)
    throw new ActionError(
      `Input "config" asks for what ${inputs.gateway} in ${place.location} served before ${idOf(gateway.apiConfig)}, and it has no record of it.`,
      {
        code: 'no-previous',
        hint: `each deploy of this action that moves the gateway writes it down; name one yourself: ${await choice(work)}`,
      },
    );
  const config = await gateways.getConfig(name, 'FULL');
  if (config?.state !== 'ACTIVE')
    throw new ActionError(
      `Input "config" means ${idOf(name)}, which ${config ? `is ${config.state}` : `the API ${inputs.api} does not have`}.`,
      { code: 'config-missing', hint: `name one of these: ${await choice(work)}` },
    );
  return { gateway, config };
}

/** The newest configs, for a person to choose from. */
async function choice({ gateways, plan, inputs }: Work): Promise<string> {
  const all = (await gateways.getApi(plan.apiName)) ? await gateways.listConfigs(plan.apiName) : [];
  const usable = all
    .filter(({ state }) => state === 'ACTIVE')
    .toSorted((a: ApiConfig, b: ApiConfig) => b.createTime - a.createTime)
    .slice(0, TOLD)
    .map(({ name, createTime }) => `${idOf(name)} of ${new Date(createTime).toISOString().slice(0, 16)}`);
  return usable.length > 0 ? usable.join(', ') : `the API ${inputs.api} has none`;
}
