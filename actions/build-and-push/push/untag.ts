import { counted, log, setOutputs, writeSummary } from '@gangway/action';
import { type GoogleCloud, isGoogleError } from '@gangway/google-cloud';
import { code, joined } from '@gangway/markdown';
import { deleteTag, formatImageName } from '@gangway/registry';
import type { Inputs } from '../inputs.ts';

/**
 * Removes the tags of the image. That one is not there is as good.
 *
 * @throws GoogleError where the account lacks `artifactregistry.tags.delete`, or the repository's tags are immutable
 */
export async function untag({ image, tags }: Inputs, cloud: GoogleCloud): Promise<void> {
  const removed: string[] = [];
  for (const tag of tags) {
    try {
      await deleteTag(cloud, image, tag);
      removed.push(tag);
      log.info(`Removed the tag ${tag} of ${formatImageName(image)}.`);
    } catch (error) {
      if (!isGoogleError(error, 404)) throw error;
      log.info(`${formatImageName(image)} has no tag ${tag}.`);
    }
  }
  setOutputs({ changed: removed.length > 0 });
  await writeSummary({
    title: `Image ${image.name}`,
    lead: removed.length > 0 ? `${counted(removed.length, 'tag')} removed.` : 'None of the tags exists.',
    facts: removed.length > 0 ? [['Tags', joined(removed.map(code), ' ')]] : [],
    parts: [],
  });
}
