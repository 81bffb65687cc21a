import { ActionError, type Stopwatch } from '@gangway/action';
import type { Place } from '../api/place.ts';
import type { Service, Template } from '../api/resources.ts';
import type { Inputs } from '../inputs.ts';
import type { Plan } from '../plan/service-plan.ts';
import { idOf } from '../plan/traffic/targets.ts';
import { besides } from './besides.ts';
import type { Invokers } from './bind.ts';
import { type Made, makeRevision } from './make.ts';
import { rollOut } from './rollout.ts';
import { unstage } from './stage.ts';

export interface DeployResult {
  readonly before: Service | undefined;
  readonly service: Service;
  /** What runs, of this run. */
  readonly template: Template | undefined;
  /** Id of the revision that this run made, or of the latest that is ready where it made none. */
  readonly revision: string;
  readonly change: Made['change'];
  readonly changes: Plan['changes'];
  readonly invokersChanged: boolean;
}

/**
 * Creates or updates the service so that it is as requested, and waits until it is. Who may call it is settled before it
 * is asked whether it answers. A revision that is to be checked gets no requests until it has; when it does not answer,
 * what served before serves on, for whom it did.
 *
 * @param image by digest, a reference that Cloud Run is to resolve, or undefined to keep what is there
 * @param bind sets the invokers
 */
export async function deployService(
  place: Place,
  image: string | undefined,
  inputs: Inputs,
  watch: Stopwatch,
  bind: () => Promise<Invokers>,
): Promise<DeployResult> {
  const made = await watch.time('revision', () => makeRevision(place, image, inputs));
  const { before, plan, change, stage } = made;
  const invokers = await bind().catch(async (error: unknown) => {
    if (stage) await unstage(place, stage, before, inputs);
    throw error;
  });
  try {
    const service = inputs.traffic.check
      ? await watch.time('check', () => rollOut(place, made, inputs))
      : made.service;
    const { changes, fields, makesRevision } = plan;
    const isMade = makesRevision && change !== 'validated';
    return {
      ...{ before, service, change, changes, invokersChanged: invokers.changed },
      template: fields.template ?? service.template,
      revision: isMade ? plan.revision : idOf(service.latestReadyRevision),
    };
  } catch (error) {
    if (error instanceof ActionError && error.code === 'rolled-back')
      await besides('The invokers could not be restored', invokers.restore);
    throw error;
  }
}
