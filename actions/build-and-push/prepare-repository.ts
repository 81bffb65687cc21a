import { cancellation, log } from '@gangway/action';
import { explaining, type GoogleCloud } from '@gangway/google-cloud';
import {
  type EnsuredRepository,
  ensureRepository,
  repositoryName,
  requirePush,
  setReaders,
} from '@gangway/registry';
import type { Inputs } from './inputs.ts';

/**
 * Makes the image's repository be as the inputs want it, and finds out whether the image could be pushed: all that can be
 * wrong with a repository shows before the build.
 *
 * @throws ActionError with the command that grants what is missing
 */
export async function prepareRepository(
  cloud: GoogleCloud,
  { image, google, repository: { readers, ...settings } }: Inputs,
): Promise<EnsuredRepository> {
  const projectId = image.project.replace('/', ':');
  const name = repositoryName(image);
  return explaining({ ...google, projectId }, async () => {
    const ensured = await ensureRepository(cloud, image, settings, {
      timeout: 300_000,
      signal: cancellation,
    });
    const { created, changes } = ensured;
    if (created) log.info(`Created the repository ${image.repository} in ${image.location}.`);
    for (const change of changes) log.info(`Changed the repository ${image.repository}: ${change}.`);
    await requirePush(cloud, name);
    if (!readers) return ensured;
    const { added, removed } = await setReaders(cloud, name, readers);
    for (const member of added) log.info(`${member} may pull from the repository now.`);
    for (const member of removed) log.info(`${member} may not pull from the repository any more.`);
    return ensured;
  });
}
