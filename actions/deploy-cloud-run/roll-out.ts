import type { Stopwatch } from '@gangway/action';
import type { SignedIn } from '@gangway/auth';
import { type DeployResult, deployService } from './deploy.ts';
import { resolveImage } from './image.ts';
import type { Inputs } from './inputs.ts';
import { setInvokers } from './invokers.ts';

interface RolledOut extends DeployResult {
  /** By digest, where it could be resolved. */
  readonly image: string;
  readonly invokersChanged: boolean;
}

/** Finds the image, makes the service run it, and lets those call it that may. */
export async function rollOut(
  inputs: Inputs,
  { cloud, credentials, projectId }: SignedIn,
  watch: Stopwatch,
): Promise<RolledOut> {
  const image = await resolveImage(inputs.image, credentials.client);
  const deployed = await watch.time('revision', () => deployService(cloud, projectId, image, inputs));
  const path = `v2/projects/${projectId}/locations/${inputs.region}/services/${inputs.service}`;
  const { invokers } = inputs;
  const invokersChanged =
    invokers !== undefined && (await watch.time('invokers', () => setInvokers(cloud, path, invokers)));
  return { ...deployed, image, invokersChanged };
}
