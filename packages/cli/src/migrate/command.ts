import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { Command } from 'commander';
import { Misuse } from '../misuse.ts';
import { openFolder } from '../run/repository.ts';
import { mistakesIn, WORKFLOWS } from '../run/workflow.ts';
import type { End, Status } from '../status.ts';
import { faultsIn } from './faults/faults.ts';
import { type Migration, migrate } from './migrate.ts';
import { lint } from './report/lint.ts';
import type { Outcome } from './report/outcome.ts';
import { print } from './report/print.ts';

interface Flags {
  readonly write?: true;
  readonly json?: true;
  readonly lint: boolean;
}

/** `gangway migrate`. */
export function migrateCommand(end: End): Command {
  return new Command('migrate')
    .description("Rewrite a repository's deploy workflows into steps of these actions.")
    .argument('[files...]', `workflows (default: those in ${WORKFLOWS})`)
    .option('-w, --write', 'write the files; without it, only show what would change')
    .option('--json', 'print what became of each file as JSON')
    .option('--no-lint', 'do not run actionlint and zizmor, which otherwise run if they are on the PATH')
    .addHelpText(
      'after',
      `
It replaces gcloud, docker and flyctl in scripts, and the actions of google-github-actions, docker and superfly, where
a step here does the same. Everything else stays as it is, byte for byte. The command lists what it left alone and why, what
it left out, what differs, and faults that deploy workflows commonly have. It checks the result with GitHub's own parser
before it shows or writes it.

To try the result on your machine, use gangway run.

Exit status: 0 done, even if there was nothing to replace; 1 a workflow does not parse and was left as it is.

Examples:
  gangway migrate
  gangway migrate --write
  gangway migrate .github/workflows/deploy.yml --write && gangway run deploy`,
    )
    .action(async (files: readonly string[], flags: Flags) => end(await migrateFiles(files, flags)));
}

async function migrateFiles(asked: readonly string[], flags: Flags): Promise<Status> {
  const { folder } = await openFolder(process.cwd());
  const paths = asked.length > 0 ? asked.map((file) => named(file, folder)) : workflowsOf(folder);
  const outcomes: Outcome[] = [];
  for (const path of new Set(paths)) outcomes.push(await migrateFile(path, folder, flags));
  if (flags.write)
    for (const { path, before, migration } of outcomes)
      if (migration.text !== before) writeFileSync(resolve(folder, path), migration.text);
  if (flags.json) console.log(JSON.stringify(outcomes.map(asJson), null, 2));
  else show(outcomes, flags);
  return outcomes.some(({ mistakes }) => mistakes.length > 0) ? 1 : 0;
}

async function migrateFile(path: string, folder: string, flags: Flags): Promise<Outcome> {
  const before = readFileSync(resolve(folder, path), 'utf8');
  const mistakes = await mistakesIn(path, before);
  const none: Migration = { text: before, changes: [], actions: [] };
  if (mistakes.length > 0) return { path, before, migration: none, faults: [], lint: [], mistakes };
  const migration = migrate(before, { has: (file) => existsSync(join(folder, file)) });
  const wrong = migration.text === before ? [] : await mistakesIn(path, migration.text);
  // A mistake of ours: better no change than a workflow that does not run.
  if (wrong.length > 0) {
    const why = wrong.map((one) => `what it would become does not parse, ${one}`);
    return { path, before, migration: none, faults: [], lint: [], mistakes: why };
  }
  const changed = migration.text !== before || migration.changes.length > 0;
  return {
    path,
    before,
    migration,
    faults: faultsIn(migration.text),
    lint: flags.lint && changed ? lint(path, migration.text) : [],
    mistakes,
  };
}

function named(file: string, folder: string): string {
  const path = resolve(file);
  if (!existsSync(path)) throw new Misuse(`${file} is not there.`);
  if (statSync(path).isDirectory())
    throw new Misuse(`${file} is a folder. Name workflows, or none for all of ${WORKFLOWS}.`);
  if (!/\.ya?ml$/.test(path))
    throw new Misuse(`${file} is no workflow: its name ends neither in .yml nor in .yaml.`);
  return relative(folder, path);
}

function workflowsOf(folder: string): string[] {
  const directory = join(folder, WORKFLOWS);
  const names = existsSync(directory) ? readdirSync(directory).filter((name) => /\.ya?ml$/.test(name)) : [];
  if (names.length === 0)
    throw new Misuse(
      `${folder} has no workflow in ${WORKFLOWS}. gangway deploy --write-workflow writes one.`,
    );
  return names.sort().map((name) => join(WORKFLOWS, name));
}

function show(outcomes: readonly Outcome[], { write }: Flags): void {
  const quiet: string[] = [];
  for (const outcome of outcomes) {
    const { path, before, migration, mistakes } = outcome;
    if (mistakes.length > 0) {
      console.log(`${path} does not parse, and stays as it is:`);
      for (const mistake of mistakes) console.log(`  ${mistake}`);
    } else if (migration.text === before && migration.changes.length === 0) quiet.push(path);
    else print(outcome, write !== true);
  }
  const changed = outcomes.filter(({ before, migration }) => migration.text !== before).length;
  const files = (count: number): string => `${count} file${count === 1 ? '' : 's'}`;
  if (quiet.length > 0) console.log(`Nothing to replace in ${quiet.join(', ')}.`);
  if (changed > 0)
    console.log(
      write ? `Wrote ${files(changed)}.` : `Nothing is written: --write changes ${files(changed)}.`,
    );
}

function asJson({ path, before, migration, faults, lint: said, mistakes }: Outcome): unknown {
  return {
    path,
    changed: migration.text !== before,
    actions: migration.actions,
    changes: migration.changes,
    faults,
    lint: said,
    mistakes,
  };
}
