import type { Inputs } from '../inputs.ts';
import { type FoundKey, lookAtKeys } from './api-keys.ts';
import type { Asker } from './asker.ts';
import { type FoundWorkload, lookAtWorkloads } from './cloud-run.ts';
import { type FoundGateways, lookAtGateways } from './gateways.ts';
import { type FoundImage, lookAtImages } from './images.ts';
import { lookAtReferences, type Reference } from './references.ts';

/** What there is of all that the inputs name, and of what depends on it. */
export interface Found extends FoundGateways {
  readonly services: readonly FoundWorkload[];
  readonly jobs: readonly FoundWorkload[];
  readonly workerPools: readonly FoundWorkload[];
  readonly keys: readonly FoundKey[];
  readonly images: readonly FoundImage[];
  /** The images that services, jobs and worker pools of the project name; not asked for without images. */
  readonly references: readonly Reference[];
}

/** Looks at everything, by questions only. */
export async function look(asker: Asker, inputs: Inputs): Promise<Found> {
  const gateways = await lookAtGateways(asker, inputs);
  const keys = await lookAtKeys(asker, inputs.keys);
  const services = await lookAtWorkloads(asker, 'services', inputs.services, inputs.regions);
  const jobs = await lookAtWorkloads(asker, 'jobs', inputs.jobs, inputs.regions);
  const workerPools = await lookAtWorkloads(asker, 'workerPools', inputs.workerPools, inputs.regions);
  const images = await lookAtImages(asker, inputs.images);
  const isUsable = images.some(({ versions }) => versions.length > 0);
  const references = isUsable ? await lookAtReferences(asker) : [];
  return { ...gateways, keys, services, jobs, workerPools, images, references };
}
