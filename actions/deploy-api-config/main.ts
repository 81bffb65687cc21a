import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cancellation, createScratch, log, removeScratch, run, setOutputs, stopwatch } from '@gangway/action';
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
import { refuseBreaking } from './route-diff.ts';
import { writeResult } from './summary.ts';
import type { Work } from './work.ts';

await run(async () => {
  const inputs = readInputs();
  const prepared = prepareDocument(inputs);
  const deadline = performance.now() + inputs.timeout;
  const { cloud, credentials, projectId } = await signIn(inputs.google);
  const plan = makePlan(inputs, prepared.emitted, projectId);
  const gateways = await openApiGateway(credentials.client, { signal: cancellation });
  const work: Work = { gateways, cloud, plan, inputs, deadline, watch: stopwatch(), changes: [] };
  const result = await explaining({ ...inputs.google, projectId }, () =>
    annotatingRefusals(prepared, async () => {
      await checkRegions(work);
      return (inputs.dryRun ? dryRun : carryOut)(work, prepared.emitted.operations);
    }),
  );

  const spec = join(await createScratch(), prepared.emitted.path);
  await writeFile(spec, prepared.emitted.contents);
  setOutputs({
    url: result.urls[0] ?? '',
    urls: result.urls,
    config: plan.configId,
    managed_service: result.managedService,
    changed: work.changes.length > 0,
    spec,
    diff: result.diffs.flatMap(({ lines }) => lines),
    breaking: result.diffs.some(({ breaking }) => breaking),
  });
  log.info(result.lead);
  await writeResult(work, result, prepared.emitted.operations);
  refuseBreaking(result.diffs, inputs.failOn);
}, removeScratch);
