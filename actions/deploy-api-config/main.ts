import { cancellation, run, stopwatch } from '@gangway/action';
import { signIn } from '@gangway/auth';
import { explaining } from '@gangway/google-cloud';
import { openApiGateway } from '@gangway/google-cloud/api-gateway';
import { carryOut } from './carry-out.ts';
import { prepareDocument } from './document.ts';
import { dryRun } from './dry-run.ts';
import { readInputs } from './inputs.ts';
import { makePlan } from './plan.ts';
import { annotatingRefusals } from './refusal.ts';
import { checkRegions } from './regions.ts';
import { report } from './report.ts';
import { refuseBreaking } from './route-diff.ts';
import type { Work } from './work.ts';
import { writeDocument } from './write-document.ts';

await run(async () => {
  const inputs = readInputs();
  const prepared = prepareDocument(inputs);
  const deadline = performance.now() + inputs.timeout;
  const { cloud, credentials, projectId, actor } = await signIn(inputs.google);
  const plan = makePlan(inputs, prepared.emitted, projectId);
  const gateways = await openApiGateway(credentials.client, { signal: cancellation });
  const work: Work = { gateways, cloud, plan, inputs, deadline, watch: stopwatch(), changes: [] };
  const spec = await writeDocument(prepared.emitted);
  const result = await explaining(actor, () =>
    annotatingRefusals(prepared, async () => {
      await checkRegions(work);
      return (inputs.dryRun ? dryRun : carryOut)(work, prepared.emitted.operations);
    }),
  );
  await report(work, result, prepared.emitted, spec);
  refuseBreaking(result.diffs, inputs.failOn);
});
