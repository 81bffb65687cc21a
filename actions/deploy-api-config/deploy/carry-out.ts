import { cancellation, log, seconds } from '@gangway/action';
import { enableServices } from '@gangway/google-cloud';
import { code, joined, md, url } from '@gangway/markdown';
import type { Operation } from '@gangway/openapi';
import { remaining, type Work } from '../plan/work.ts';
import { look } from '../resources/standing.ts';
import { deploy } from './deploy.ts';
import type { Result } from './result.ts';
import { refuseBreaking, routeDiffs } from './route-diff.ts';
import { urlOf } from './verify.ts';

/** Deploys, unless that breaks callers and is refused, and enables the managed service. */
export async function carryOut(work: Work, operations: readonly Operation[]): Promise<Result> {
  const { plan, inputs, changes } = work;
  const standing = await look(work);
  const diffs = inputs.failOn === 'breaking' ? await routeDiffs(work, standing, operations) : [];
  refuseBreaking(diffs, inputs.failOn);
  const { managedService, fresh, gateways } = await deploy(work, standing, operations);
  if (inputs.enableService) await enable(work, managedService, fresh);
  const urls = gateways.map(urlOf);
  const what = changes.join('; ');
  return {
    urls,
    managedService,
    lead:
      changes.length > 0
        ? `${inputs.gateway} serves ${plan.configId} at ${urls.join(', ')}: ${what}.`
        : 'It serves this document already; nothing changed.',
    ...(changes.length > 0 && {
      linkedLead: md`${inputs.gateway} serves ${code(plan.configId)} at ${joined(urls.map(url), ', ')}: ${what}.`,
    }),
    diffs,
  };
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
