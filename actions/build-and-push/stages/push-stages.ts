import { log, withEngineImage } from '@gangway/action';
import type { TokenClient } from '@gangway/auth';
import type { GoogleCloud } from '@gangway/google-cloud';
import { manifestDigest } from '@gangway/registry';
import { type BuildRequest, build } from '../build/build.ts';
import { pushFromEngine } from '../push/push-from-engine.ts';
import { tagPushed } from '../push/tag-pushed.ts';

/** Whether the registry has an image of each stage, whichever build left it. */
export async function hasStages(
  image: string,
  stages: readonly string[],
  auth: TokenClient,
): Promise<boolean> {
  const digests = await Promise.all(stages.map((stage) => manifestDigest(auth, image, stage)));
  return digests.every((digest) => digest !== undefined);
}

/**
 * Pushes the image of each stage under its name. The image itself was built by the same builder just before, which has each of their
 * instructions in its cache.
 *
 * @throws ActionError as the build and the push do
 */
export async function pushStages(
  request: Omit<BuildRequest, 'reference' | 'more'>,
  {
    cloud,
    auth,
    deletesTags,
  }: { readonly cloud: GoogleCloud; readonly auth: TokenClient; readonly deletesTags: boolean },
): Promise<void> {
  const { builder, inputs, image, config } = request;
  for (const stage of inputs.stages) {
    // What is ignored or fetched was so for the image itself.
    const own = { ...inputs, target: stage, tags: [stage], noCache: false, pull: false };
    const make = (reference: string | undefined) => build({ ...request, inputs: own, reference, more: [] });
    await log.group(`Stage ${stage}`, async () => {
      if (builder.pushes) {
        const { digest = '' } = await make(undefined);
        await tagPushed(image, digest, [stage], auth);
        return;
      }
      await withEngineImage(image, config.env, async (reference) => {
        await make(reference);
        const target = { image, key: undefined, immutableTags: false, deletesTags };
        await pushFromEngine(reference, target, own, { cloud, config, auth });
      });
    });
  }
}
