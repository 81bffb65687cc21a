/**
 * The rooms of this action, in the order in which a step passes through them. `publish.ts` leads through all between the
 * first and the last.
 *
 *   inputs/      what the step is told: read and checked, before any request
 *   sources/     what decides the content of the image: Dockerfile, build context, base images; and their key
 *   copy/        an image of another registry, in place of a build
 *   reuse/       an image that exists already: of the same sources, or of this commit under immutable tags
 *   builder/     what this runner's Docker can build with, and what that can't do
 *   repository/  the repository in Artifact Registry: created, changed, checked for permission to push
 *   cache/       where the build finds what earlier builds did, and leaves what it did
 *   build/       `docker build`: its arguments, its secrets, its failures
 *   buildpacks/  the build without a Dockerfile, by pack: what it builds with, its key, its cache, its failures
 *   progress/    what the builder prints, read as it comes
 *   spec/        the OpenAPI document that a command prints in the image
 *   push/        into the registry, then under every tag
 *   stages/      stages of the Dockerfile, each under a tag of its own
 *   compare/     the layers beside those of the image before
 *   report/      outputs, the log's last line, the summary
 */
import { run, stopwatch } from '@gangway/action';
import { signIn } from '@gangway/auth';
import { explaining } from '@gangway/google-cloud';
import { readInputs } from './inputs.ts';
import { publish } from './publish.ts';
import { untag } from './push/untag.ts';
import { report } from './report/report.ts';

await run(async () => {
  const inputs = readInputs();
  const signedIn = await signIn(inputs.google);
  const watch = stopwatch();
  if (inputs.untag) {
    await explaining(signedIn.actor, () => untag(inputs, signedIn.cloud));
    return;
  }
  const published = await explaining(signedIn.actor, () => publish(inputs, signedIn, watch));
  await report(inputs, published, watch);
});
