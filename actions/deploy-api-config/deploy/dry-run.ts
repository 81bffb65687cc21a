import { log } from '@gangway/action';
import { blocks, md } from '@gangway/markdown';
import type { Operation } from '@gangway/openapi';
import type { Work } from '../plan/work.ts';
import { checkStreaming } from '../resources/about.ts';
import { look } from '../resources/standing.ts';
import { preview, previewMarkdown } from './preview.ts';
import type { Result } from './result.ts';
import { tell } from './tell.ts';
import { urlOf } from './verify.ts';

/** Says what a deploy would do, in the log, the summary and, with a token, on the pull request; changes nothing. */
export async function dryRun(work: Work, operations: readonly Operation[]): Promise<Result> {
  const { inputs } = work;
  const api = await work.gateways.getApi(work.plan.apiName);
  const gateways = await look(work);
  await checkStreaming(work, gateways);
  const { steps, diffs } = await preview(work, { api, gateways }, operations);
  for (const step of steps) log.info(`Would ${step}.`);
  for (const { from, lines } of diffs) {
    log.info(lines.length > 0 ? `Routes, against ${from}:` : `No route differs from ${from}.`);
    for (const line of lines) log.info(`  ${line}`);
  }
  const details = previewMarkdown({ steps, diffs });
  await tell(work, blocks(md`### API gateway ${inputs.gateway}: what a deploy would do`, details));
  return {
    urls: gateways.flatMap((gateway) => (gateway ? [urlOf(gateway)] : [])),
    managedService: api?.managedService ?? '',
    lead: 'Dry run: nothing was changed.',
    diffs,
    details,
  };
}
