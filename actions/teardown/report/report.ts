import { capitalised, counted, log, type Stopwatch, setOutputs, writeSummary } from '@gangway/action';
import { blocks, code, md, numbered, table } from '@gangway/markdown';
import type { Result } from '../carry-out/carry-out.ts';
import type { Inputs } from '../inputs.ts';
import type { Plan } from '../plan/part.ts';

/** Sets the outputs, and says in the log and the summary what goes or went, and what stays and why. */
export async function report(
  { dryRun }: Pick<Inputs, 'dryRun'>,
  { steps, kept, missing, notes }: Plan,
  results: readonly Result[],
  parts: Stopwatch['parts'],
): Promise<void> {
  const deleted = results.filter(({ state }) => state === 'deleted').map(({ step }) => step.title);
  setOutputs({
    planned: steps.map(({ title }) => title),
    deleted,
    kept: kept.map(({ title, reason }) => `${title}: ${reason}`),
    missing,
  });
  if (dryRun) for (const { title } of steps) log.info(`Would delete ${title}.`);
  for (const { title, reason, cure } of kept) {
    log.info(`Keeps ${title}: ${reason}.`);
    if (cure) log.info(`  ${isVouching(cure) ? 'To let teardown delete it' : 'To delete it'}: ${cure}`);
  }
  for (const title of missing) log.info(`${capitalised(title)} is not there.`);
  for (const note of notes) log.info(note);
  const lead = leadOf(dryRun, steps.length, deleted.length);
  log.info(lead);
  const stateOf = (title: string) =>
    dryRun ? 'would be deleted' : (results.find(({ step }) => step.title === title)?.state ?? 'not started');
  await writeSummary({
    title: 'Take down',
    lead,
    facts: [],
    parts: dryRun ? [] : parts,
    details: blocks(
      steps.length > 0
        ? numbered(steps.map(({ title }) => md`${title}: ${stateOf(title)}`))
        : 'There is nothing to delete.',
      kept.length > 0
        ? table(
            ['Kept', 'Why', 'What you can do'],
            kept.map(({ title, reason, cure }) => [title, reason, cure ? code(cure) : '']),
          )
        : '',
      missing.length > 0 ? md`Not there: ${missing.join(', ')}.` : '',
      ...notes,
    ),
  });
}

function leadOf(dryRun: boolean, planned: number, deleted: number): string {
  if (planned === 0) return 'There is nothing to delete.';
  if (dryRun)
    return `Dry run: nothing was changed. With dry_run: false, ${counted(planned, 'step')} would delete it.`;
  return deleted === planned
    ? 'Everything planned was deleted.'
    : `${deleted} of ${planned} steps were done.`;
}

function isVouching(command: string): boolean {
  return command.includes('created-by=gangway');
}
