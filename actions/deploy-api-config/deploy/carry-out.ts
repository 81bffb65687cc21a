import { cancellation, log, seconds } from '@gangway/action';
import { enableServices } from '@gangway/google-cloud';
import { blocks, code, joined, md, url } from '@gangway/markdown';
import type { Operation } from '@gangway/openapi';
import { howToCall } from '../document/how-to-call.ts';
import { remaining, type Work } from '../plan/work.ts';
import { checkStreaming, ensureAbout } from '../resources/about.ts';
import { look } from '../resources/standing.ts';
import { deploy } from './deploy.ts';
import type { Result } from './result.ts';
import { refuseBreaking, routeDiffs } from './route-diff.ts';
import { tell } from './tell.ts';
import { urlOf } from './verify.ts';

/** Deploys, unless that breaks callers and is refused, and enables the managed service. */
export async function carryOut(work: Work, operations: readonly Operation[]): Promise<Result> {
  const { plan, inputs, changes } = work;
  const standing = await look(work);
  await checkStreaming(work, standing);
  const diffs = inputs.failOn === 'breaking' ? await routeDiffs(work, standing, operations) : [];
  refuseBreaking(diffs, inputs.failOn);
  const { managedService, fresh, gateways } = await deploy(work, standing, operations);
  if (changes.length > 0) await checkStreaming(work, gateways);
  await ensureAbout(work);
  if (inputs.enableService) await enable(work, managedService, fresh);
  const urls = gateways.map(urlOf);
  if (inputs.preview) await tellPreview(work, urls, operations);
  const what = changes.join('; ');
  return {
    urls,
    managedService,
    lead:
      changes.length > 0
        ? `${inputs.gateway} serves ${plan.configId} at ${urls.join(', ')}: ${what}.`
        : 'It already serves this document; nothing changed.',
    ...(changes.length > 0 && {
      linkedLead: md`${inputs.gateway} serves ${code(plan.configId)} at ${joined(urls.map(url), ', ')}: ${what}.`,
    }),
    diffs,
  };
}

/** Says on the pull request where its gateway is, what stands behind it, and how to call it. */
async function tellPreview(work: Work, urls: readonly string[], operations: readonly Operation[]) {
  const { inputs } = work;
  const { address } = inputs.emit.backend ?? {};
  await tell(
    work,
    blocks(
      md`### Preview of the API ${inputs.api}`,
      md`${code(inputs.gateway)} is at ${joined(urls.map(url), ', ')}.`,
      address ? md`It calls ${url(address)}.` : '',
      howToCall(urls[0], operations),
      md`It is deleted with this pull request.`,
    ),
  );
}

/** @param fresh whether it belongs to an API that was made just now: then it is off for certain */
async function enable(work: Work, service: string, fresh: boolean): Promise<void> {
  const { cloud, plan, changes } = work;
  const { enabled } = await work.watch.time('managed service', () =>
    enableServices(cloud, plan.projectId, [service], {
      timeout: remaining(work),
      signal: cancellation,
      knownOff: fresh,
      onProgress: (elapsed) => log.info(`Still enabling ${service} after ${seconds(elapsed)}…`),
      onWait: (reason) => log.info(`Enabling ${service} again: ${reason}.`),
    }),
  );
  for (const name of enabled) {
    log.info(`Enabled ${name}.`);
    changes.push(`${name} enabled`);
  }
}
