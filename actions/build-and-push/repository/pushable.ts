import { explaining, type GoogleCloud } from '@gangway/google-cloud';
import { type PushRights, repositoryName, requirePush } from '@gangway/registry';
import type { Inputs } from '../inputs.ts';
import { actorOf } from './actor.ts';

/**
 * Finds out whether an image that is about to be built could be pushed, and what else the deployer may do there.
 *
 * @throws ActionError with the command that grants what is missing
 */
export function requirePushable(cloud: GoogleCloud, inputs: Inputs): Promise<PushRights> {
  return explaining(actorOf(inputs), () => requirePush(cloud, repositoryName(inputs.image)));
}
