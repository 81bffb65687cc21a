import { log } from '@gangway/action';
import type { Inputs } from '../inputs.ts';
import { type Outputs, outputsOf } from './environment.ts';

/**
 * The local cloud that the job has already, as with `gangway run`, which brings one along.
 *
 * @returns undefined where there is none
 */
export function cloudThere({ seed, services, port }: Inputs): Outputs | undefined {
  const found = outputsOf(process.env);
  if (!found.origin) return undefined;
  for (const [name, isSet] of [
    ['seed', seed !== undefined],
    ['services', services.length > 0],
    ['port', port !== 0],
  ] as const)
    if (isSet)
      log.warning(
        `Input "${name}" has no effect: the local cloud at ${found.origin} was started before this step. gangway run creates what the workflow names.`,
      );
  return found;
}
