/**
 * The rooms of this action, in the order in which a job passes through them:
 *
 *   start/   the local cloud in a process of its own, and what points later steps at it
 *   record/  in the post step: what it did and has, as an artifact
 */
import { createScratch, log, run, setOutputs, stopwatch, writeSummary } from '@gangway/action';
import { code } from '@gangway/markdown';
import { readInputs, refuseGitHubTokens } from './inputs.ts';
import { type Outputs, pointLaterSteps } from './start/environment.ts';
import { startLocalCloud } from './start/start.ts';
import { cloudThere } from './start/there.ts';

await run(async () => {
  const inputs = readInputs();
  const there = cloudThere(inputs);
  if (there) {
    putOut(there);
    log.info(`A local cloud is already running at ${there.origin}; this step doesn't start another.`);
    return;
  }
  refuseGitHubTokens();
  const watch = stopwatch();
  const scratch = await createScratch();
  const variables = await watch.time('start', () => startLocalCloud(inputs, scratch));
  const outputs = await pointLaterSteps(variables, scratch);
  putOut(outputs);
  log.info(`The local cloud answers at ${outputs.origin} for the rest of this job.`);
  await writeSummary({
    title: 'Local cloud',
    lead: 'Later steps of this job deploy to it.',
    facts: [
      ['Address', code(outputs.origin)],
      ['Project', code(outputs.project_id)],
      ['Provider', code(outputs.workload_identity_provider)],
      ['Service account', code(outputs.service_account)],
    ],
    parts: watch.parts,
  });
});

function putOut(outputs: Outputs): void {
  const { origin, project_id, workload_identity_provider, service_account, registry } = outputs;
  setOutputs({ origin, project_id, workload_identity_provider, service_account, registry });
}
