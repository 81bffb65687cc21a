import { cancellation, log } from '@gangway/action';
import { explaining, type GoogleCloud } from '@gangway/google-cloud';
import {
  type EnsuredRepository,
  elsewhere,
  ensureRepository,
  repositoryName,
  setReaders,
} from '@gangway/registry';
import type { Inputs } from '../inputs.ts';
import { actorOf } from './actor.ts';

/**
 * Makes the image's repository be as the inputs want it: all that can be wrong with one shows before the build.
 *
 * @throws ActionError with the command that grants what is missing
 */
export async function prepareRepository(
  cloud: GoogleCloud,
  { image, google, repository: { readers, ...settings } }: Inputs,
): Promise<EnsuredRepository> {
  return explaining(actorOf({ image, google }), async () => {
    const ensured = await ensureRepository(cloud, image, settings, {
      timeout: 300_000,
      signal: cancellation,
    });
    const { created, changes } = ensured;
    if (created) await tellCreated(cloud, image);
    for (const change of changes) log.info(`Changed the repository ${image.repository}: ${change}.`);
    if (!readers) return ensured;
    const { added, removed } = await setReaders(cloud, repositoryName(image), readers);
    for (const member of added) log.info(`${member} may pull from the repository now.`);
    for (const member of removed) log.info(`${member} may not pull from the repository anymore.`);
    return ensured;
  });
}

/** A repository that is made where another is of the same name may have been made by a slip in the location. */
async function tellCreated(cloud: GoogleCloud, image: Inputs['image']): Promise<void> {
  const { repository, location, project } = image;
  log.info(`Created the repository ${repository} in ${location}.`);
  const others = await elsewhere(cloud, image);
  if (others.length === 0) return;
  log.warning(
    `The repository ${repository} was created in ${location}, but ${project} has one of that name in ${others.join(' and ')} too.\nTo fix it: if that one is meant, write ${others[0]}-docker.pkg.dev in image, and delete the new one.`,
  );
}
