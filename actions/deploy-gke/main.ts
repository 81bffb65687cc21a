/**
 * The rooms of this action, in the order in which a step passes through them:
 *
 *   inputs/     what the step is told: read and checked, before any request
 *   manifests/  the objects that files and kustomizations ask for, with images in place
 *   cluster/    the cluster as Google has it, and the way to its API server
 *   plan/       each object compared with what is there, and checked by the server
 *   helm/       a chart in place of those two: what the runner's helm makes of it
 *   deploy/     objects in order, jobs, rollouts and the way back, what is left over
 */
import { run, stopwatch } from '@gangway/action';
import { signIn } from '@gangway/auth';
import { explaining } from '@gangway/google-cloud';
import { openCluster } from './cluster/open.ts';
import { deploy, type Outcome } from './deploy/deploy.ts';
import { deployRelease } from './helm/deploy-release.ts';
import { checkHelm } from './helm/program.ts';
import { resolvedImages } from './images.ts';
import { readInputs } from './inputs.ts';
import { loadManifests } from './manifests/files.ts';
import { checkImagesUsed, replaceImages } from './manifests/replace-images.ts';
import { report } from './report.ts';

await run(async () => {
  const inputs = readInputs();
  const { work } = inputs;
  const manifests = work.kind === 'manifests' ? await loadManifests(work.paths) : [];
  if (work.kind === 'manifests') checkImagesUsed(manifests, work.images);
  if (work.kind === 'release') await checkHelm();
  const signedIn = await signIn(inputs.google);
  const watch = stopwatch();
  await explaining(signedIn.actor, async () => {
    const images = await resolvedImages(work, signedIn.credentials.client);
    const [first] = images;
    const opened = await watch.time('cluster', () => openCluster(signedIn, inputs));
    const done = (outcome: Outcome) =>
      report({ inputs, opened, outcome, images: images.map(({ image }) => image), parts: watch.parts });
    if (work.kind === 'release') return deployRelease(opened, { ...inputs, work }, first?.image, watch, done);
    const wanted =
      work.kind === 'image' ? { image: first?.image ?? '' } : { manifests: replaceImages(manifests, images) };
    return deploy(opened, inputs, wanted, watch, done);
  });
});
