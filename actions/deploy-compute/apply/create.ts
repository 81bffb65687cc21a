import { ActionError, log } from '@gangway/action';
import { INSTANCE, type Instance, serialOutput } from '@gangway/compute';
import type { Inputs } from '../inputs.ts';
import { instancePath, type Place } from '../place.ts';
import { last } from '../plan/misfits.ts';
import { DEFAULT_MACHINE_TYPE, properties } from '../plan/properties.ts';
import type { WantedBoot } from '../plan/wanted-boot.ts';
import { untilAnswering } from '../wait/answering.ts';
import { untilRunning } from '../wait/running.ts';

export interface NewInstance {
  readonly name: string;
  readonly boot: WantedBoot;
  readonly image: string;
  readonly sourceImage: string;
  readonly natIP: string | undefined;
  /** The one whose place it takes. */
  readonly like: Instance | undefined;
}

/** Lines of the serial port that an error ends with. */
const LINES = 20;

/**
 * Makes an instance and waits until it runs the image and answers.
 *
 * @throws ActionError that ends with what its serial port shows
 */
export async function create(place: Place, made: NewInstance, inputs: Inputs): Promise<Instance> {
  const { name, boot, image, sourceImage, natIP, like } = made;
  const machineType = inputs.machine.machineType ?? last(like?.machineType) ?? DEFAULT_MACHINE_TYPE;
  log.info(`Creating the instance ${name}…`);
  await place.compute.write({
    method: 'POST',
    path: `${place.home}/instances`,
    body: {
      name,
      machineType: `${place.home}/machineTypes/${machineType}`,
      ...properties({ inputs, boot, projectId: place.projectId, sourceImage, natIP, like }),
    },
    what: `creating the instance ${name}`,
    timeout: place.left(),
  });
  return untilWell(place, name, { boot, image, since: undefined }, inputs);
}

/** Waits until an instance runs the image, as far as it tells, and answers. */
export async function untilWell(
  place: Place,
  name: string,
  {
    boot,
    image,
    since,
  }: { readonly boot: WantedBoot; readonly image: string; readonly since: string | undefined },
  inputs: Inputs,
): Promise<Instance> {
  try {
    if (boot.reports) await untilRunning(place, name, { id: boot.id, image, since });
    const instance = await there(place, name);
    await untilAnswering(instance, boot.container, inputs);
    return instance;
  } catch (error) {
    if (!(error instanceof ActionError) || error.code === 'cancelled') throw error;
    const serial = await serialOutput(place.compute, instancePath(place, name), LINES);
    throw new ActionError(`${error.message} ${serial}`, { code: error.code, hint: error.hint, cause: error });
  }
}

/** An instance that must be there. */
export async function there(place: Place, name: string): Promise<Instance> {
  return place.compute.read(instancePath(place, name), INSTANCE);
}
