import { ActionError, log } from '@gangway/action';
import { IMAGE } from '@gangway/compute';
import type { Place } from '../place.ts';

/** Where Google keeps Container-Optimized OS. */
const PROJECT = 'cos-cloud';
const DAY = 24 * 3600 * 1000;
/** A milestone gets a new image every few weeks while it is maintained (https://cloud.google.com/container-optimized-os/docs/resources/support-policy). */
const STALE = 120;

/**
 * The newest image of a family of Container-Optimized OS. A family that ages is a warning.
 *
 * @returns its URL
 * @throws ActionError `image-family-missing`
 */
export async function bootImage({ compute }: Place, family: string, now = Date.now()): Promise<string> {
  const image = await compute.find(`global/images/family/${family}`, IMAGE, { project: PROJECT });
  if (!image)
    throw new ActionError(`Container-Optimized OS has no family ${family}.`, {
      code: 'image-family-missing',
      hint: 'choose one of "gcloud compute images list --project=cos-cloud --no-standard-images", such as the newest cos-NNN-lts',
    });
  const days = Math.floor((now - Date.parse(image.creationTimestamp ?? '')) / DAY);
  const state = image.deprecated?.state;
  if (state && state !== 'ACTIVE')
    log.warning(
      `${image.name}, the newest image of ${family}, is ${state.toLowerCase()}: set image_family to a newer milestone.`,
    );
  else if (days > STALE)
    log.warning(
      `${image.name}, the newest image of ${family}, is ${days} days old, so Google may no longer maintain this milestone: set image_family to a newer one.`,
    );
  return image.selfLink ?? `projects/${PROJECT}/global/images/${image.name}`;
}
