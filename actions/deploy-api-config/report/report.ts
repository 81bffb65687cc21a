import { log, setOutputs } from '@gangway/action';
import type { Emitted } from '@gangway/openapi';
import type { Result } from '../deploy/result.ts';
import type { Work } from '../plan/work.ts';
import { writeResult } from './summary.ts';

/**
 * Hands on what came of the run: the outputs, the log's last line, the summary.
 *
 * @param spec path of the emitted document
 */
export async function report(
  work: Work,
  result: Result,
  { operations }: Emitted,
  spec: string,
): Promise<void> {
  setOutputs({
    url: result.urls[0] ?? '',
    urls: result.urls,
    config: work.plan.configId,
    managed_service: result.managedService,
    changed: work.changes.length > 0,
    spec,
    diff: result.diffs.flatMap(({ lines }) => lines),
    breaking: result.diffs.some(({ breaking }) => breaking),
  });
  log.info(result.lead);
  await writeResult(work, result, operations);
}
