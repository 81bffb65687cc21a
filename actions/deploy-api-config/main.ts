/**
 * The rooms of this action, in the order in which a step passes through them:
 *
 *   inputs/     what the step is told: read and checked, before any request
 *   document/   the OpenAPI document in Google's dialect, and what the importer says against it
 *   plan/       the names of all that is to be there: pure; how long the work may take
 *   resources/  the API, its configs and gateways, each brought to the plan
 *   deploy/     all of them in order, checked by calls, taken back where they fail; or only shown, in a dry run
 *   report/     outputs, the log's last line, the summary
 */
import { cancellation, run, stopwatch } from '@gangway/action';
import { signIn } from '@gangway/auth';
import { skipFork } from '@gangway/github';
import { explaining } from '@gangway/google-cloud';
import { openApiGateway } from '@gangway/google-cloud/api-gateway';
import { goBack } from './deploy/back.ts';
import { carryOut } from './deploy/carry-out.ts';
import { dryRun } from './deploy/dry-run.ts';
import { recorded } from './deploy/recorded.ts';
import { refuseBreaking } from './deploy/route-diff.ts';
import { takeDown } from './deploy/take-down.ts';
import { prepareDocument } from './document/prepare.ts';
import { annotatingRefusals } from './document/refusal.ts';
import { writeDocument } from './document/write.ts';
import { readInputs } from './inputs.ts';
import { makePlan, planWithout } from './plan/plan.ts';
import type { Work } from './plan/work.ts';
import { reportOffline } from './report/offline.ts';
import { report } from './report/report.ts';
import { checkRegions } from './resources/regions.ts';

await run(async () => {
  const inputs = readInputs();
  if (inputs.preview && (await skipFork(`The gateway ${inputs.gateway}`, inputs.google.credentialsJson)))
    return;
  const prepared = inputs.spec ? prepareDocument(inputs) : undefined;
  if (prepared && inputs.offline)
    return reportOffline(prepared.emitted, await writeDocument(prepared.emitted));
  const deadline = performance.now() + inputs.timeout;
  const { cloud, credentials, projectId, actor } = await signIn(inputs.google);
  const plan = prepared ? makePlan(inputs, prepared.emitted, projectId) : planWithout(inputs, projectId);
  const gateways = await openApiGateway(credentials.client, { signal: cancellation });
  const work: Work = { gateways, cloud, plan, inputs, deadline, watch: stopwatch(), changes: [] };
  const spec = prepared ? await writeDocument(prepared.emitted) : '';
  const result = await explaining(actor, () =>
    recorded(work, async () => {
      if (inputs.preview?.destroy) return takeDown(work, inputs.preview);
      if (inputs.back) return goBack(work, inputs.back);
      await checkRegions(work);
      const { operations = [] } = prepared?.emitted ?? {};
      return annotatingRefusals(prepared, () => (inputs.dryRun ? dryRun : carryOut)(work, operations));
    }),
  );
  await report(work, result, prepared?.emitted.operations ?? [], spec);
  refuseBreaking(result.diffs, inputs.failOn);
});
