import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  cancellation,
  createScratch,
  log,
  removeScratch,
  run,
  setOutputs,
  stopwatch,
  writeSummary,
} from '@gangway/action';
import { signIn } from '@gangway/auth';
import { enableServices, schemeOf } from '@gangway/google-cloud';
import { openApiGateway } from '@gangway/google-cloud/api-gateway';
import { deploy } from './deploy.ts';
import { prepareDocument } from './document.ts';
import { readInputs } from './inputs.ts';
import { makePlan } from './plan.ts';
import { operationTable } from './summary.ts';

await run(async () => {
  const inputs = readInputs();
  const watch = stopwatch();
  const emitted = prepareDocument(inputs);
  const { cloud, credentials, projectId } = await signIn(inputs.google);
  const plan = makePlan(inputs, emitted, projectId);
  const gateways = await openApiGateway(credentials.client, { signal: cancellation });
  const { api, gateway, changes } = await deploy(gateways, cloud, plan, inputs, watch);
  const enabled = inputs.enableService
    ? await watch.time('managed service', () => enable(api.managedService))
    : [];

  const url = `${schemeOf(gateway.defaultHostname)}://${gateway.defaultHostname}`;
  const spec = join(await createScratch(), emitted.path);
  await writeFile(spec, emitted.contents);
  const done = [...changes, ...enabled.map((name) => `${name} enabled`)];
  setOutputs({
    url,
    config: plan.configId,
    managed_service: api.managedService,
    changed: done.length > 0,
    spec,
  });
  log.info(`${inputs.gateway} serves ${plan.configId} at ${url}.`);
  await writeSummary({
    title: `API gateway ${inputs.gateway}`,
    lead: done.length > 0 ? `${done.join('; ')}.` : 'It serves this document already; nothing changed.',
    facts: [
      ['URL', url],
      ['Config', `\`${plan.configId}\``],
      ['Managed service', `\`${api.managedService}\``],
      ['Backend', inputs.emit.backend?.address ?? 'as the document says'],
      ['Calls it as', inputs.gatewayServiceAccount ?? "the project's default service account"],
    ],
    details: operationTable(emitted.operations),
    parts: watch.parts,
  });

  async function enable(service: string): Promise<readonly string[]> {
    const result = await enableServices(cloud, projectId, [service], {
      timeout: inputs.timeout,
      signal: cancellation,
      onWait: (reason) => log.info(`Enabling ${service} again: ${reason}.`),
    });
    for (const name of result.enabled) log.info(`Enabled ${name}.`);
    return result.enabled;
  }
}, removeScratch);
