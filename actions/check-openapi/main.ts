import { ActionError, counted, createScratch, log, run, setOutputs, stopwatch } from '@gangway/action';
import { annotate } from '@gangway/api-document';
import { fails } from '@gangway/openapi';
import { checkDocuments, tally } from './documents.ts';
import { readInputs } from './inputs.ts';
import { writeFindings } from './summary.ts';
import { writeSarif } from './write-sarif.ts';

await run(async () => {
  const inputs = readInputs();
  const watch = stopwatch();
  const documents = await watch.time('check', async () => checkDocuments(inputs));
  const diagnostics = documents.flatMap((document) => document.diagnostics);
  annotate(diagnostics);
  const { errors, warnings } = tally(diagnostics);
  setOutputs({
    errors: String(errors),
    warnings: String(warnings),
    sarif: await writeSarif(await createScratch(), diagnostics),
  });
  await writeFindings(documents, watch);
  const lead = `${counted(documents.length, 'document')}: ${counted(errors, 'error')}, ${counted(warnings, 'warning')}.`;
  if (!fails(documents, inputs.failOn)) {
    log.info(lead);
    return;
  }
  const first = diagnostics.find(({ severity }) => severity === (errors > 0 ? 'error' : 'warning'));
  throw new ActionError(
    `API Gateway ${errors > 0 ? "can't serve what was checked" : 'would not serve it as written'}. ${lead}${first ? ` ${first.message}` : ''}`,
    {
      code: 'spec',
      hint: first?.hint ?? 'fix what the annotations mark',
    },
  );
});
