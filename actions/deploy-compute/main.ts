/**
 * The rooms of this action, in the order in which a step passes through them:
 *
 *   inputs/   what the step is told: read and checked, before any request
 *   machine/  what a machine boots with: the unit of a container, its script, and what a machine keeps of them
 *   plan/     compares what is wanted with what is there: pure
 *   wait/     what a machine says of itself, and what it answers
 *   apply/    an instance or a group, what stands around it, and the way back
 *   report/   the summary and the outputs
 */
import { run, stopwatch } from '@gangway/action';
import { signIn } from '@gangway/auth';
import { explaining } from '@gangway/google-cloud';
import { deployGroup } from './apply/group.ts';
import { deployInstance } from './apply/instance.ts';
import { resolveImage } from './image.ts';
import { readInputs } from './inputs.ts';
import { placeOf } from './place.ts';
import { writeOutputs } from './report/outputs.ts';
import { writeResult } from './report/summary.ts';

await run(async () => {
  const inputs = readInputs();
  const signedIn = await signIn(inputs.google);
  const watch = stopwatch();
  await explaining(signedIn.actor, async () => {
    const image = await watch.time('image', () => resolveImage(inputs.image, signedIn.credentials.client));
    const place = placeOf(signedIn, inputs);
    const deploy = inputs.kind === 'group' ? deployGroup : deployInstance;
    const outcome = await deploy(place, image, inputs, watch);
    writeOutputs(outcome);
    await writeResult(place, inputs, outcome, watch.parts);
  });
});
