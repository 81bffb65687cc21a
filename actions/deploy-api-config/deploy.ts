import { setTimeout as sleep } from 'node:timers/promises';
import { ActionError, cancellation, log, type Stopwatch, seconds } from '@gangway/action';
import { type GoogleCloud, isGoogleError, type Operation, waitForOperation } from '@gangway/google-cloud';
import type { Api, ApiConfig, ApiGateway, Gateway } from '@gangway/google-cloud/api-gateway';
import type { Inputs } from './inputs.ts';
import { type Plan, sameResource } from './plan.ts';

export interface Deployment {
  readonly api: Api;
  readonly gateway: Gateway;
  /** What was done, in order, in words; empty when all was there. */
  readonly changes: readonly string[];
}

/** Where the work stands: the services, what is wanted, how long it may take. */
interface Work {
  readonly gateways: ApiGateway;
  readonly cloud: GoogleCloud;
  readonly plan: Plan;
  readonly inputs: Inputs;
  readonly deadline: number;
  readonly watch: Stopwatch;
  readonly changes: string[];
}

/** Makes the API, the config and the gateway be as planned, from whatever there is. */
export async function deploy(
  gateways: ApiGateway,
  cloud: GoogleCloud,
  plan: Plan,
  inputs: Inputs,
  watch: Stopwatch,
): Promise<Deployment> {
  const work: Work = {
    gateways,
    cloud,
    plan,
    inputs,
    deadline: performance.now() + inputs.timeout,
    watch,
    changes: [],
  };
  const [api, gateway] = await Promise.all([
    gateways.getApi(plan.apiName),
    gateways.getGateway(plan.gatewayName),
  ]);
  if (api && gateway && serves(gateway, plan)) {
    log.info(`The gateway ${inputs.gateway} serves ${plan.configId} already.`);
    return { api, gateway, changes: [] };
  }
  try {
    const readyApi = await ensureApi(work, api);
    await ensureConfig(work);
    const readyGateway = await ensureGateway(work, gateway);
    return { api: readyApi, gateway: readyGateway, changes: work.changes };
  } catch (error) {
    if (work.changes.length > 0)
      log.info(`Done before the failure: ${work.changes.join('; ')}. A re-run goes on from there.`);
    if (gateway)
      log.info(`The gateway ${inputs.gateway} goes on serving ${gateway.apiConfig.split('/').at(-1)}.`);
    throw error;
  }
}

async function ensureApi(work: Work, api: Api | undefined): Promise<Api> {
  if (api?.state === 'ACTIVE') return api;
  const { gateways, plan, inputs } = work;
  if (!api) {
    await work.watch.time('API', () =>
      finish(work, () => gateways.createApi(plan.globalParent, inputs.api), `creating the API ${inputs.api}`),
    );
    work.changes.push(`API ${inputs.api} created`);
  }
  return settled(work, () => gateways.getApi(plan.apiName), `the API ${inputs.api}`);
}

async function ensureConfig(work: Work): Promise<ApiConfig> {
  const { gateways, plan, inputs } = work;
  const existing = await gateways.getConfig(plan.configName, 'BASIC');
  if (existing?.state === 'ACTIVE') return existing;
  if (existing?.state === 'FAILED') {
    log.info(`The config ${plan.configId} was left failed by an earlier run; making it again.`);
    await finish(
      work,
      () => gateways.deleteConfig(plan.configName),
      `deleting the failed config ${plan.configId}`,
    );
  }
  if (!existing || existing.state === 'FAILED') {
    const config = { documents: plan.documents, gatewayServiceAccount: plan.gatewayServiceAccount };
    await work.watch.time('config', () =>
      finish(
        work,
        () => gateways.createConfig(plan.apiName, plan.configId, config),
        `creating the config ${plan.configId} of ${inputs.api}`,
      ),
    );
    work.changes.push(`config ${plan.configId} created`);
  }
  return settled(work, () => gateways.getConfig(plan.configName, 'BASIC'), `the config ${plan.configId}`);
}

async function ensureGateway(work: Work, gateway: Gateway | undefined): Promise<Gateway> {
  const { gateways, plan, inputs } = work;
  if (!gateway) {
    await work.watch.time('gateway', () =>
      finish(
        work,
        () => gateways.createGateway(plan.regionalParent, inputs.gateway, plan.configName),
        `creating the gateway ${inputs.gateway}`,
      ),
    );
    work.changes.push(`gateway ${inputs.gateway} created`);
  } else {
    const ready =
      gateway.state === 'ACTIVE'
        ? gateway
        : await settled(work, () => gateways.getGateway(plan.gatewayName), `the gateway ${inputs.gateway}`);
    if (serves(ready, plan)) return ready;
    await work.watch.time('gateway', () =>
      finish(
        work,
        () => gateways.updateGateway(plan.gatewayName, plan.configName),
        `moving the gateway ${inputs.gateway} to ${plan.configId}`,
      ),
    );
    work.changes.push(`gateway ${inputs.gateway} moved to ${plan.configId}`);
  }
  const ready = await settled(
    work,
    () => gateways.getGateway(plan.gatewayName),
    `the gateway ${inputs.gateway}`,
  );
  if (!serves(ready, plan)) {
    throw new ActionError(
      `The gateway ${inputs.gateway} serves ${ready.apiConfig.split('/').at(-1)}, not ${plan.configId}.`,
      {
        code: 'overtaken',
        hint: 'another deploy moved it meanwhile; give the workflow a concurrency group, and run it again',
      },
    );
  }
  return ready;
}

function serves(gateway: Gateway, plan: Plan): boolean {
  return gateway.state === 'ACTIVE' && sameResource(gateway.apiConfig, plan.configName);
}

/** Starts an operation and waits for it. A create that answers "already exists" was made by a lost first try or by another run. */
async function finish(work: Work, start: () => Promise<Operation>, what: string): Promise<void> {
  log.info(`${what.charAt(0).toUpperCase()}${what.slice(1)}…`);
  try {
    const operation = await start();
    await waitForOperation(work.cloud, 'apigateway', 'v1', operation, what, {
      timeout: remaining(work),
      signal: cancellation,
      onProgress: (elapsed) => log.info(`Still ${what} after ${seconds(elapsed)}…`),
    });
  } catch (error) {
    if (!isGoogleError(error, 409)) throw error;
  }
}

/** Waits until a resource that another run may be working on is ACTIVE. */
async function settled<T extends { readonly state: string }>(
  work: Work,
  get: () => Promise<T | undefined>,
  what: string,
): Promise<T> {
  for (let delay = 500; ; delay = Math.min(delay * 1.5, 2000)) {
    const resource = await get();
    if (resource?.state === 'ACTIVE') return resource;
    if (!resource || resource.state === 'FAILED' || resource.state === 'DELETING') {
      throw new ActionError(
        `${what.charAt(0).toUpperCase()}${what.slice(1)} is ${resource ? resource.state : 'gone'}.`,
        { code: 'state', hint: 'run the job again; if it stays so, delete it and run again' },
      );
    }
    if (remaining(work) <= 0) {
      throw new ActionError(`${what.charAt(0).toUpperCase()}${what.slice(1)} is still ${resource.state}.`, {
        code: 'timeout',
        hint: 'run the job again: it picks up from there; or raise "timeout"',
      });
    }
    await sleep(delay, undefined, { signal: cancellation });
  }
}

function remaining({ deadline }: Work): number {
  return deadline - performance.now();
}
