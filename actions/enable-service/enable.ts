import { cancellation, log, seconds } from '@gangway/action';
import { type EnableResult, enableServices, type GoogleCloud } from '@gangway/google-cloud';
import type { Inputs } from './inputs.ts';

/** Turns on what is off, telling the log as it goes. */
export async function enable(
  cloud: GoogleCloud,
  projectId: string,
  { services, timeout }: Inputs,
): Promise<EnableResult> {
  const result = await enableServices(cloud, projectId, services, {
    timeout,
    signal: cancellation,
    onProgress: (elapsed) => log.info(`Still enabling after ${seconds(elapsed)}…`),
    onWait: (reason) => log.info(`Trying again: ${reason}.`),
  });
  for (const name of result.alreadyEnabled) log.info(`${name} is already enabled.`);
  for (const name of result.enabled) log.info(`${name} is enabled now.`);
  return result;
}
