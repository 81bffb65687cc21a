import type { Inputs } from '../inputs.ts';
import type { Found } from '../look/look.ts';
import { planGateways } from './gateways.ts';
import { planImages } from './images.ts';
import { planKeys } from './keys.ts';
import type { Plan, Step } from './part.ts';
import { planWorkloads } from './workloads.ts';

/**
 * Works out what goes and what stays: only what says of itself that Gangway made it goes, and only once nothing needs it. The order
 * is that of what callers meet: the gateway and its API, the key, the services, jobs and worker pools, their images.
 */
export function makePlan(inputs: Inputs, found: Found, projectId: string): Plan {
  const home = { projectId };
  const gateway = planGateways(inputs, found, home);
  const keys = planKeys(found, home);
  const entrances = gateway.steps.filter(({ title }) => title.startsWith('gateway ')).map(titleOf);
  const services = planWorkloads('service', found.services, entrances, home);
  const jobs = planWorkloads('job', found.jobs, [], home);
  const pools = planWorkloads('worker pool', found.workerPools, [], home);
  const workloads = [...services.steps, ...jobs.steps, ...pools.steps];
  const going = workloads.flatMap(({ resources }) => resources.flat().map(({ path }) => path));
  const images = planImages(found, going, workloads.map(titleOf), home);
  const parts = [gateway, keys, services, jobs, pools, images];
  const isGoing = gateway.steps.some(({ title }) => title.startsWith('API ') && !title.includes(' config '));
  const service = found.api?.managedService;
  return {
    steps: parts.flatMap(({ steps }) => steps),
    kept: parts.flatMap(({ kept }) => kept),
    missing: parts.flatMap(({ missing }) => missing),
    notes: [
      ...(isGoing && service
        ? [
            `The managed service ${service} is deleted with its API, but Google removes it for good only after 30 days. Until then, the project may still show it as enabled.`,
          ]
        : []),
      ...(keys.steps.length > 0
        ? [
            'Google keeps a deleted API key for 30 days: "gcloud services api-keys undelete" or create-api-key restores it.',
          ]
        : []),
    ],
  };
}

function titleOf({ title }: Step): string {
  return title;
}
