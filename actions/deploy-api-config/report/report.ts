import { log, setOutputs } from '@gangway/action';
import type { Operation } from '@gangway/openapi';
import type { Result } from '../deploy/result.ts';
import type { Work } from '../plan/work.ts';
import { writeResult } from './summary.ts';

/**
 * Hands on what came of the run: the outputs, the log's last line, the summary.
 *
 * @param operations of the document; empty where none is deployed
 * @param spec path of the emitted document; empty without
 */
export async function report(
  work: Work,
  result: Result,
  operations: readonly Operation[],
  spec: string,
): Promise<void> {
  setOutputs({
    url: result.urls[0] ?? '',
    urls: result.urls,
    config: result.configs?.[0] ?? work.plan.configId,
    managed_service: result.managedService,
    changed: work.changes.length > 0,
    spec,
    diff: result.diffs.flatMap(({ lines }) => lines),
    breaking: result.diffs.some(({ breaking }) => breaking),
  });
  log.info(result.lead);
  await writeResult(work, result, operations);
}
