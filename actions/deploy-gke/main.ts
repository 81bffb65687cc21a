/**
 * The rooms of this action, in the order in which a step passes through them:
 *
 *   inputs/     what the step is told: read and checked, before any request
 *   manifests/  the objects that files and kustomizations ask for, with images in place
 *   cluster/    the cluster as Google has it, and the way to its API server
 *   plan/       each object compared with what is there, and checked by the server
 *   deploy/     objects in order, jobs, rollouts and the way back, what is left over
 */
import { run, stopwatch } from '@gangway/action';
import { signIn } from '@gangway/auth';
import { explaining } from '@gangway/google-cloud';
import { openCluster } from './cluster/open.ts';
import { deploy } from './deploy/deploy.ts';
import { resolved } from './images.ts';
import { readInputs } from './inputs.ts';
import { loadManifests } from './manifests/files.ts';
import { checkImagesUsed, replaceImages } from './manifests/replace-images.ts';
import { report } from './report.ts';

await run(async () => {
  const inputs = readInputs();
  const { work } = inputs;
  const manifests = work.kind === 'manifests' ? await loadManifests(work.paths) : [];
  if (work.kind === 'manifests') checkImagesUsed(manifests, work.images);
  const signedIn = await signIn(inputs.google);
  const { client } = signedIn.credentials;
  const watch = stopwatch();
  await explaining(signedIn.actor, async () => {
    const images =
      work.kind === 'image'
        ? [{ name: '', image: await resolved('image', work.image, client) }]
        : await Promise.all(
            work.images.map(async ({ name, image }) => ({
              name,
              image: await resolved('images', image, client),
            })),
          );
    const wanted =
      work.kind === 'image'
        ? { image: images[0]?.image ?? '' }
        : { manifests: replaceImages(manifests, images) };
    const opened = await watch.time('cluster', () => openCluster(signedIn, inputs));
    await deploy(opened, inputs, wanted, watch, (outcome) =>
      report({ inputs, opened, outcome, images: images.map(({ image }) => image), parts: watch.parts }),
    );
  });
});
